import { modelHeaders } from '#models/model-headers.ts';
import type { RegisteredModel } from '#models/registry.ts';
import type { CheckResult } from '#shared/contract/checks.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import { readBalance } from '#shared/db/credits.ts';
import type { StoredResult, VerificationScope } from '#shared/db/verifications.ts';
import { contentHash } from '#shared/verdicts/content-hash.ts';
import { giveVerdict, insufficientCredits } from '#shared/verdicts/give-verdict.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import type { CheckDoor } from './check-door.ts';
import { type AskedCheck, mostFramesOf, readMembers, readMembersBefore, statedIn } from './check-members.ts';
import { FrameIntake, type TakenFrame } from './frame-intake.ts';
import { readBody } from './read-body.ts';
import type { SessionAttempt } from './session-attempt.ts';
import { SessionHold, sessionLost, waitForFirst } from './session-hold.ts';

export interface CheckRequest<Answer extends CheckResult> {
  caller: KeyCaller;
  door: CheckDoor<Answer>;
  body: AsyncIterable<Uint8Array>;
  versionHeader: string | undefined;
  /** The check is an attempt of this session. */
  session?: SessionAttempt | null;
  announce(headers: Record<string, string>): void;
  once<Data>(request: unknown, carryOut: () => Promise<Data>): Promise<Data>;
}

/** One check, from the first byte of its body to its verdict. Goes on when the client does not wait for the answer. */
export function carryOutCheck<Answer extends CheckResult>(
  services: Services,
  request: CheckRequest<Answer>,
): Promise<Answer> {
  return finishAnyway(services, new Check(services, request).carryOut());
}

class Check<Answer extends CheckResult> {
  readonly #services: Services;
  readonly #request: CheckRequest<Answer>;
  readonly #intake: FrameIntake;
  #hold: SessionHold | null = null;
  /** The session is another request's: this one reads its body only to see whether it is the same. */
  #isRepetition = false;
  #balance = 0;

  constructor(services: Services, request: CheckRequest<Answer>) {
    this.#services = services;
    this.#request = request;
    const { door, session } = request;
    this.#intake = new FrameIntake(door, services.inference, services.nowMs, session?.picturesToKeep);
  }

  async carryOut(): Promise<Answer> {
    try {
      const asked = await this.#readBody();
      const { frames, busyMs } = await this.#intake.finish();
      // Only now is every crop's size known.
      if (this.#intake.problems.length > 0) throw validationFailure(this.#intake.problems);
      refuseTooFew(asked, frames, this.#intake.analyses);
      return await this.#conclude(asked, frames, busyMs);
    } catch (error) {
      await this.#hold?.release();
      throw error;
    }
  }

  async #readBody(): Promise<AskedCheck> {
    const { door, body, versionHeader, announce } = this.#request;
    const end = await readBody(door, body, {
      before: (members) => this.#prepare(members),
      frame: (cut) => this.#intake.take(cut),
      moved: () => this.#hold?.renew(),
    });
    const { problems: frameProblems, count: frameCount } = this.#intake;
    return readMembers(door, { end, versionHeader, frameProblems, frameCount, announce });
  }

  /** Before the first frame: nothing is analysed that could not be charged, or that another request has done. */
  async #prepare(membersBefore: unknown): Promise<void> {
    const { versionHeader, announce, caller, door } = this.#request;
    const known = readMembersBefore(door, membersBefore, versionHeader);
    if (known.model !== null) {
      announce(modelHeaders(known.model));
      this.#intake.mostFrames = mostFramesOf(known.model);
    }
    if (known.isRefused) return this.#intake.stopAnalysis();
    const [balance] = await Promise.all([
      readBalance(this.#services.database, caller.organisation.id),
      known.sessionId === null ? undefined : this.#claim(known.sessionId, known.attempt),
    ]);
    this.#balance = balance;
    // While the model is not known, neither is the price; the least there is must be there.
    if (this.#isRepetition || balance < (known.model?.creditsPerCheck ?? 1)) this.#intake.stopAnalysis();
  }

  async #claim(sessionId: string, attempt: number): Promise<void> {
    const { session } = this.#request;
    await session?.admit(sessionId, attempt);
    this.#hold = await SessionHold.take(this.#services, this.#scopeOf(sessionId), this.#request.caller.key.id);
    this.#isRepetition = this.#hold === null;
  }

  /**
   * An `Idempotency-Key` is looked at only here, because a body that is not kept must have been read before it can be told
   * from another. The price: whoever sends another check under a used key is refused only after its frames were analysed.
   */
  async #conclude(asked: AskedCheck, frames: TakenFrame[], busyMs: number): Promise<Answer> {
    const services = this.#services;
    const { caller, door, once } = this.#request;
    const { model, source, fps = null } = asked;
    const hash = await contentHash({ model: model.id, source, fps, frames });
    if (this.#hold === null && !this.#isRepetition) await this.#claim(asked.session_id, asked.attempt);
    // Claimed by what stood before the frames, it must be the attempt that the whole body names.
    await this.#request.session?.admit(asked.session_id, asked.attempt);
    const scope = this.#scopeOf(asked.session_id);
    const request = { session: scope.sessionId, content: hash, diagnostics: asked.diagnostics };
    if (this.#hold === null) {
      const stored = await this.#firstVerdict(scope, hash);
      return once(request, () => this.#answer(asked, stored));
    }
    refuseWithoutCredits(model, this.#balance);
    const { claim } = this.#hold;
    const evidence = frames.flatMap((frame) => frame.evidence ?? []);
    const stated = statedIn(asked);
    const { inputSource } = door;
    const work = {
      apiKeyId: caller.key.id,
      inputSource,
      model,
      stated,
      evidence,
      busyMs,
      contentHash: hash,
      scope,
      claim,
    };
    return once(request, async () => {
      const result = await giveVerdict(services, work);
      if (result === null) throw sessionLost();
      return this.#answer(asked, result);
    });
  }

  /** The session first: what it has not heard of, the person in front of the camera has not, either, and sends again. */
  async #answer(asked: AskedCheck, stored: StoredResult): Promise<Answer> {
    const { door, session } = this.#request;
    await session?.settle(asked.attempt, stored, this.#intake.kept);
    return door.answer.of(stored, asked);
  }

  async #firstVerdict(scope: VerificationScope, hash: string) {
    const first = await waitForFirst(this.#services, scope);
    if (first.contentHash !== hash) {
      const message = 'This session_id was used before for another check. A new check needs a new session_id.';
      throw new ApiFailure({ code: 'session_conflict', message });
    }
    this.#request.announce({ 'Idempotency-Replayed': 'true' });
    return first.result;
  }

  #scopeOf(sessionId: string): VerificationScope {
    const { caller, door, session } = this.#request;
    return {
      organisationId: caller.organisation.id,
      operation: session?.operation ?? door.operation,
      sessionId: sessionId.toLowerCase(),
    };
  }
}

function refuseTooFew({ model }: AskedCheck, frames: readonly TakenFrame[], wereAnalysed: boolean): void {
  const received = frames.filter((frame) => (wereAnalysed ? frame.evidence !== null : frame.hasBytes)).length;
  if (received >= model.minFrames) return;
  const counts = `Model "${model.id}" requires ${model.minFrames} frames, received ${received}.`;
  const lost = frames.length - received;
  const explanation = lost === 0 ? '' : ` ${lost} of ${frames.length} frames could not be decoded.`;
  const message = `Insufficient frames. ${counts}${explanation}`;
  throw new ApiFailure({ code: 'insufficient_frames', message, required: model.minFrames, received });
}

function refuseWithoutCredits({ creditsPerCheck }: RegisteredModel, balance: number): void {
  if (balance < creditsPerCheck) throw insufficientCredits(creditsPerCheck, balance);
}
