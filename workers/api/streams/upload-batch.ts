import { modelHeaders } from '#models/model-headers.ts';
import type { RegisteredModel } from '#models/registry.ts';
import { LiveFrame } from '#shared/contract/checks.ts';
import type { UploadAnswer } from '#shared/contract/uploads.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import { readBalance } from '#shared/db/credits.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import type { AnalysedFrame, BeginAnswer, SessionProgress, SessionRequest } from '#shared/rpc/frame-session.ts';
import { contentHash } from '#shared/verdicts/content-hash.ts';
import { insufficientCredits } from '#shared/verdicts/give-verdict.ts';
import type { FrameDoor } from '../checks/check-door.ts';
import { RENEW_AFTER_MS } from '../checks/check-limits.ts';
import { type AskedCheck, mostFramesOf, readMembers, readMembersBefore, statedIn } from '../checks/check-members.ts';
import { type CutFrame, FrameIntake, type TakenFrame } from '../checks/frame-intake.ts';
import { readBody } from '../checks/read-body.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { goodAnswer } from './good-answer.ts';
import { refuseIndexBeyond, unreadableFrame } from './invalid-frame.ts';

export interface UploadRequest {
  caller: KeyCaller;
  body: AsyncIterable<Uint8Array>;
  versionHeader: string | undefined;
  announce(headers: Record<string, string>): void;
  once<Data>(request: unknown, carryOut: () => Promise<Data>): Promise<Data>;
}

const DOOR: FrameDoor = {
  arrayName: 'frames',
  item: LiveFrame,
  kind: 'frame',
  mayRepeatIndex: false,
  inBatches: true,
};

/**
 * One batch of frames of a session. Each is analysed while the next ones arrive; what goes on are their records, all of them
 * or none. Goes on when the client does not wait for the answer.
 */
export function uploadBatch(services: Services, request: UploadRequest): Promise<UploadAnswer> {
  return finishAnyway(services, new Upload(services, request).carryOut());
}

class Upload {
  readonly #services: Services;
  readonly #request: UploadRequest;
  readonly #intake: FrameIntake;
  /** Both null as long as the body has not said what they are. */
  #model: RegisteredModel | null = null;
  #session: SessionRequest | null = null;
  #begun: BeginAnswer | null = null;
  #beginAgainAtMs = 0;
  #balance = 0;

  constructor(services: Services, request: UploadRequest) {
    this.#services = services;
    this.#request = request;
    this.#intake = new FrameIntake(DOOR, services.inference, services.nowMs);
  }

  async carryOut(): Promise<UploadAnswer> {
    const asked = await this.#readBody();
    const { frames, busyMs } = await this.#intake.finish();
    if (frames.length === 0) {
      throw validationFailure([{ field: 'frames', message: 'frames must have at least 1 item', missing: false }]);
    }
    for (const { index } of frames) refuseIndexBeyond(asked.model, index);
    this.#refuseUnreadable();
    return await this.#handOver(asked, frames, busyMs);
  }

  async #readBody(): Promise<AskedCheck> {
    const { body, versionHeader, announce } = this.#request;
    const end = await readBody(DOOR, body, {
      before: (members) => this.#prepare(members),
      frame: (cut) => this.#takeFrame(cut),
      moved: () => this.#keepAlive(),
    });
    const { problems: frameProblems, count: frameCount } = this.#intake;
    return readMembers(DOOR, { end, versionHeader, frameProblems, frameCount, announce });
  }

  /** Before the first frame: nothing is analysed that nobody could be charged for, or that has its verdict. */
  async #prepare(membersBefore: unknown): Promise<void> {
    const { versionHeader, announce, caller } = this.#request;
    const { model, sessionId, frameCount, isRefused } = readMembersBefore(DOOR, membersBefore, versionHeader);
    if (model !== null) {
      this.#model = model;
      announce(modelHeaders(model));
      this.#intake.mostFrames = mostFramesOf(model);
    }
    if (isRefused) return this.#intake.stopAnalysis();
    if (model !== null && sessionId !== null) {
      this.#session = this.#sessionOf(sessionId, model, frameCount);
      return await this.#begin(this.#session);
    }
    this.#balance = await readBalance(this.#services.database, caller.organisation.id);
    // While the model is not known, neither is the price; the least there is must be there.
    if (this.#balance < (model?.creditsPerCheck ?? 1)) this.#intake.stopAnalysis();
  }

  async #begin(session: SessionRequest): Promise<void> {
    this.#beginAgainAtMs = this.#services.nowMs() + RENEW_AFTER_MS;
    this.#begun = await this.#objectOf(session).begin({ ...session, frames: [] });
    // A refusal waits until the body is read: what is wrong with that is told first.
    if (!this.#begun.ok || this.#begun.state === 'done') this.#intake.stopAnalysis();
  }

  /** The batches before this one are kept while it arrives, however slowly. */
  #keepAlive(): Promise<void> | undefined {
    if (this.#session === null || !this.#intake.analyses) return undefined;
    return this.#services.nowMs() < this.#beginAgainAtMs ? undefined : this.#begin(this.#session);
  }

  async #takeFrame(cut: CutFrame): Promise<void> {
    const frame = await this.#intake.take(cut);
    if (frame && this.#model) refuseIndexBeyond(this.#model, frame.index);
    this.#refuseUnreadable();
  }

  #refuseUnreadable(): void {
    const { unreadable, problems } = this.#intake;
    if (unreadable && problems.length === 0) throw unreadableFrame(unreadable.index, unreadable.problem, 'batch');
  }

  async #handOver(asked: AskedCheck, frames: TakenFrame[], busyMs: number): Promise<UploadAnswer> {
    const { model, source, fps = null } = asked;
    const session = this.#sessionOf(asked.session_id.toLowerCase(), model, asked.frameCount);
    const hash = await contentHash({ model: model.id, source, fps, frames });
    return await this.#request.once({ session: session.sessionId, content: hash }, async () => {
      if (this.#intake.analyses) {
        const records = recordsOf(frames, busyMs);
        const added = await this.#objectOf(session).add({ ...session, stated: statedIn(asked), frames: records });
        const answer = goodAnswer(added);
        return answer.state === 'done' ? decided(answer.result, asked) : buffered(answer.progress, asked);
      }
      const begun = goodAnswer(this.#begun ?? (await this.#objectOf(session).begin({ ...session, frames: [] })));
      if (begun.state === 'done') return decided(begun.result, asked);
      throw insufficientCredits(model.creditsPerCheck, this.#balance);
    });
  }

  #sessionOf(sessionId: string, model: RegisteredModel, frameCount: number | null): SessionRequest {
    const { caller, versionHeader } = this.#request;
    const choice = { modelId: model.id, version: versionHeader ?? null, frameCount };
    return { organisationId: caller.organisation.id, sessionId, apiKeyId: caller.key.id, door: 'upload', choice };
  }

  #objectOf({ organisationId, sessionId }: SessionRequest) {
    return this.#services.frameSessions.of(organisationId, sessionId);
  }
}

/** The time that was spent on the batch is shared evenly: a frame that is there already must not count it again. */
function recordsOf(frames: readonly TakenFrame[], busyMs: number): AnalysedFrame[] {
  const share = Math.round(busyMs / frames.length);
  return frames.flatMap(({ index, digest, timestampMs, evidence }) =>
    evidence ? [{ index, digest, timestampMs, evidence, busyMs: share }] : [],
  );
}

function buffered(progress: SessionProgress, { session_id }: AskedCheck): UploadAnswer {
  const { framesReceived, framesRequired, ttlSeconds } = progress;
  return {
    session_id,
    frames_received: framesReceived,
    frames_required: framesRequired,
    is_complete: framesReceived >= framesRequired,
    ttl_seconds: ttlSeconds,
    stored_durable: true,
  };
}

function decided({ frames_processed }: StoredResult, { session_id }: AskedCheck): UploadAnswer {
  const counted = { frames_received: frames_processed, frames_required: frames_processed };
  return { session_id, ...counted, is_complete: true, ttl_seconds: 0, stored_durable: true };
}
