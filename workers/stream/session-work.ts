import type { RegisteredModel } from '#models/registry.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import type {
  AddRequest,
  AnalysedFrame,
  BeginRequest,
  ConcludeRequest,
  FrameName,
  SessionDoor,
  SessionProgress,
  SessionRequest,
} from '#shared/rpc/frame-session.ts';
import type { FaceEvidence, InferenceService, KnownMotion } from '#shared/rpc/inference.ts';
import { askInference } from '#shared/verdicts/ask-inference.ts';
import type { VerdictServices } from '#shared/verdicts/give-verdict.ts';
import { type BufferedFrame, FrameBuffer } from './frame-buffer.ts';
import { disagreementWith, type SessionFacts, withStated } from './session-facts.ts';
import { FRAMES_KEPT_MS } from './session-limits.ts';
import { fpsIsRequired, insufficientFrames, refuseOtherContent } from './session-refusals.ts';
import type { SessionStore, StoredFrame } from './session-store.ts';
import { decideSession, lookUpVerdict, modelOf } from './session-verdict.ts';

export interface SessionServices extends VerdictServices {
  inference: Pick<InferenceService, 'judge' | 'compareFaces'>;
  store: SessionStore;
  /** Work that begins once what is said now has been said. */
  soon(work: () => Promise<void>): void;
}

type Begun =
  | { result: StoredResult }
  | { wanted: number[]; nearestFace: FaceEvidence | null; progress: SessionProgress };
type Added = { result: StoredResult } | { progress: SessionProgress };

/**
 * One session: its order, its life, its one verdict and its one charge. It lives in one Durable Object, which is one thread:
 * between two awaits nothing else happens, and that is all the locking there is.
 */
export class SessionWork {
  readonly #services: SessionServices;
  #facts: SessionFacts | null = null;
  #factsOnDisk: SessionFacts | null = null;
  #buffer: FrameBuffer | null = null;
  /** By door, for each has a verdict of its own. */
  readonly #earlier = new Map<SessionDoor, Promise<StoredResult | null>>();
  #concluding: Promise<StoredResult> | null = null;
  #alarmIsSet = false;
  /** Resolves when nothing of a session that was decided is left on the disk. */
  #cleared: Promise<void> = Promise.resolve();
  #touchedAtMs = 0;

  constructor(services: SessionServices) {
    this.#services = services;
  }

  /** What was stored before an eviction. To be called once, before anything else. */
  async restore(): Promise<void> {
    const { store } = this.#services;
    const stored = await store.read();
    this.#alarmIsSet = await store.hasAlarm();
    if (stored === null) return;
    this.#factsOnDisk = stored.facts;
    const buffer = this.#open(stored.facts);
    for (const { frame, motions } of stored.frames) buffer.add(frame, motions);
  }

  async begin(request: BeginRequest): Promise<Begun> {
    const result = await this.#earlierVerdict(request);
    if (result) return { result };
    const buffer = this.#agree(request);
    if (this.#concluding) return { result: await this.#concluding };
    this.#touchedAtMs = this.#services.nowMs();
    const model = modelOf(request);
    if (buffer === null) {
      return { wanted: request.frames.map(({ index }) => index), nearestFace: null, progress: this.#progressOf(model) };
    }
    refuseOtherContent(buffer, request.frames);
    const wanted = request.frames.filter((frame) => !buffer.has(frame)).map(({ index }) => index);
    const [first] = wanted;
    const nearestFace = first === undefined ? null : buffer.nearestFace(first);
    return { wanted, nearestFace, progress: this.#progressOf(model) };
  }

  async add(request: AddRequest): Promise<Added> {
    const result = await this.#earlierVerdict(request);
    if (result) return { result };
    const known = this.#agree(request);
    if (known) refuseOtherContent(known, request.frames);
    const { buffer } = this.#state(request);
    const receivedAtMs = this.#services.nowMs();
    const fresh = request.frames.flatMap((frame) => (buffer.has(frame) ? [] : [{ ...frame, receivedAtMs }]));
    for (const frame of fresh) buffer.add(frame);
    if (request.door === 'stream' && buffer.isComplete) {
      return { result: await this.#concludeWith(buffer, fresh, request) };
    }
    await this.#keep(buffer, fresh);
    // The last frame may have come meanwhile.
    const late = (await this.#earlierVerdict(request)) ?? (await this.#concluding);
    return late ? { result: late } : { progress: this.#progressOf(modelOf(request)) };
  }

  async conclude(request: ConcludeRequest): Promise<StoredResult> {
    const result = await this.#earlierVerdict(request);
    if (result) return result;
    const buffer = this.#agree(request);
    if (!buffer?.isComplete) throw insufficientFrames(modelOf(request), buffer?.size ?? 0);
    // Whoever asks for a verdict that does not come about has a minute to ask again.
    this.#touchedAtMs = this.#services.nowMs();
    const { facts } = this.#state(request);
    if (modelOf(request).needsFps && facts.stated.fps === null) throw fpsIsRequired();
    return await this.#conclude(buffer, request);
  }

  progress(): SessionProgress | null {
    return this.#facts && this.#buffer && this.#buffer.size > 0 ? this.#progressOf(modelOf(this.#facts)) : null;
  }

  /** Called when time may be up; forgets everything if it is. */
  async expire(): Promise<void> {
    const endsAtMs = this.#endsAtMs();
    if (this.#buffer === null || this.#services.nowMs() >= endsAtMs) return await this.#forget();
    await this.#services.store.setAlarm(endsAtMs);
  }

  /** Asked of the database once in the life of this object: an earlier one may have given the verdict and not lived to say so. */
  async #earlierVerdict(request: SessionRequest): Promise<StoredResult | null> {
    const { door } = request;
    const earlier = this.#earlier.get(door) ?? lookUpVerdict(this.#services, request);
    this.#earlier.set(door, earlier);
    try {
      return await earlier;
    } catch (error) {
      this.#earlier.delete(door);
      throw error;
    }
  }

  /** The buffer that there is, if the request fits it. */
  #agree(request: SessionRequest): FrameBuffer | null {
    const disagreement = this.#facts && disagreementWith(this.#facts, request);
    if (disagreement) throw new ApiFailure(disagreement);
    return this.#buffer;
  }

  #state({ door, choice, stated }: AddRequest | ConcludeRequest) {
    const opened = { door, choice, stated: { ...stated, warnings: null }, openedAtMs: this.#services.nowMs() };
    const known = this.#facts ?? opened;
    const merged = withStated(known.stated, stated);
    const facts = merged === known.stated ? known : { ...known, stated: merged };
    const buffer = this.#buffer ?? this.#open(facts);
    this.#facts = facts;
    return { buffer, facts };
  }

  #open(facts: SessionFacts): FrameBuffer {
    this.#facts = facts;
    this.#buffer = new FrameBuffer(modelOf(facts));
    return this.#buffer;
  }

  /** Compares, then writes everything at once; a client is answered when it is on the disk. */
  async #keep(buffer: FrameBuffer, frames: readonly BufferedFrame[]): Promise<void> {
    const motions = await this.#compare(buffer, frames);
    await this.#cleared;
    // Given its verdict or run out of time meanwhile, the session leaves nothing behind.
    if (this.#buffer !== buffer) return;
    buffer.learn(motions);
    const { store } = this.#services;
    const stored = frames.filter((frame) => buffer.has(frame)).map((frame) => withMotions(frame, motions));
    // As they are now: other frames may have added to them, and have been quicker to the disk.
    const facts = this.#facts === this.#factsOnDisk ? null : this.#facts;
    this.#factsOnDisk = this.#facts;
    await Promise.all([store.write(facts, stored), this.#alarmIsSet ? undefined : this.#setAlarm()]);
  }

  async #setAlarm(): Promise<void> {
    // One a session, not one a frame: when it rings too early it is set anew.
    this.#alarmIsSet = true;
    await this.#services.store.setAlarm(this.#endsAtMs());
  }

  /** Work done ahead. If it fails the judgement does it, so a failure here is told and loses nothing. */
  async #compare(buffer: FrameBuffer, frames: readonly FrameName[]): Promise<KnownMotion[]> {
    const due = buffer.dueWith(frames.map(({ index }) => index));
    if (due.length === 0) return [];
    const pairs = due.map(({ faces, mayBend }) => ({ ...faces, mayBend }));
    try {
      const { motions } = await askInference((deadlineAtMs) =>
        this.#services.inference.compareFaces({ pairs }, deadlineAtMs),
      );
      return due.flatMap(({ first, second, mayBend }, i) => {
        const motion = motions[i];
        return motion === undefined ? [] : [{ first, second, mayBend, motion }];
      });
    } catch {
      return [];
    }
  }

  /** Without a verdict these frames count as never sent, so that sending the last one again asks for it anew. */
  async #concludeWith(
    buffer: FrameBuffer,
    frames: readonly AnalysedFrame[],
    request: AddRequest,
  ): Promise<StoredResult> {
    try {
      return await this.#conclude(buffer, request);
    } catch (error) {
      for (const frame of frames) buffer.drop(frame);
      throw error;
    }
  }

  async #conclude(buffer: FrameBuffer, request: SessionRequest): Promise<StoredResult> {
    const concluding = this.#concluding ?? this.#decide(buffer, request);
    this.#concluding = concluding;
    try {
      return await concluding;
    } catch (error) {
      // What was known may have changed: credits were spent, or the verdict is stored and nobody heard of it.
      this.#earlier.delete(request.door);
      throw error;
    } finally {
      if (this.#concluding === concluding) this.#concluding = null;
    }
  }

  async #decide(buffer: FrameBuffer, request: SessionRequest): Promise<StoredResult> {
    const facts = this.#facts;
    if (facts === null) throw new Error('a session without facts has no verdict');
    const result = await decideSession(this.#services, { facts, buffer, request });
    this.#earlier.set(request.door, Promise.resolve(result));
    this.#close();
    // The verdict is stored, so nobody has to wait until the frames are gone. A crash in between leaves them to the alarm.
    this.#cleared = new Promise((resolve) => {
      this.#services.soon(() => this.#services.store.clear().finally(resolve));
    });
    return result;
  }

  async #forget(): Promise<void> {
    this.#close();
    await this.#services.store.clear();
  }

  #close(): void {
    this.#facts = null;
    this.#factsOnDisk = null;
    this.#buffer = null;
    this.#alarmIsSet = false;
  }

  #progressOf({ minFrames }: RegisteredModel): SessionProgress {
    const nowMs = this.#services.nowMs();
    return {
      framesReceived: this.#buffer?.size ?? 0,
      framesRequired: minFrames,
      openedAtMs: this.#facts?.openedAtMs ?? nowMs,
      ttlSeconds: Math.max(0, Math.ceil((this.#endsAtMs() - nowMs) / 1000)),
    };
  }

  #endsAtMs(): number {
    return Math.max(this.#touchedAtMs, this.#buffer?.lastReceivedAtMs ?? 0) + FRAMES_KEPT_MS;
  }
}

function withMotions(frame: BufferedFrame, motions: readonly KnownMotion[]): StoredFrame {
  return { frame, motions: motions.filter(({ first, second }) => first === frame.index || second === frame.index) };
}
