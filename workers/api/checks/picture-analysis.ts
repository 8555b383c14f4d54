import type {
  EncodedPicture,
  FaceEvidence,
  InferenceService,
  PictureKind,
  PictureOutcome,
} from '#shared/rpc/inference.ts';
import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import { GROUP_BYTES, GROUP_PICTURES } from './check-limits.ts';

interface AnalysisOptions {
  inference: Pick<InferenceService, 'analyseFrames'>;
  kind: PictureKind;
  nowMs(): number;
  onOutcome(ordinal: number, outcome: PictureOutcome): void;
}

/**
 * Sends pictures to inference while the body still arrives: one call at a time, and what comes meanwhile goes together in
 * the next. Whoever adds waits while the next call is full, which holds the body back and the memory down.
 */
export class PictureAnalysis {
  readonly #options: AnalysisOptions;
  #next: EncodedPicture[] = [];
  #nextBytes = 0;
  #running: Promise<void> | null = null;
  #failure: { error: unknown } | null = null;
  #previousFace: FaceEvidence | null = null;
  /** Spent in calls, so without the time that the client takes to upload. */
  busyMs = 0;

  constructor(options: AnalysisOptions) {
    this.#options = options;
  }

  /** Its outcome comes with its ordinal. */
  async add(ordinal: number, bytes: Uint8Array): Promise<void> {
    while (this.#running !== null && !this.#hasRoomFor(bytes)) await this.#running;
    this.#throwFailure();
    this.#next.push({ ordinal, bytes });
    this.#nextBytes += bytes.length;
    this.#startNext();
  }

  /** Resolves when every picture has its outcome. */
  async finish(): Promise<void> {
    while (this.#running !== null) await this.#running;
    this.#throwFailure();
  }

  /** What has not been sent never will be. */
  stop(): void {
    this.#next = [];
    this.#nextBytes = 0;
  }

  #hasRoomFor(bytes: Uint8Array): boolean {
    if (this.#next.length === 0) return true;
    return this.#next.length < GROUP_PICTURES && this.#nextBytes + bytes.length <= GROUP_BYTES;
  }

  #startNext(): void {
    if (this.#running !== null || this.#next.length === 0 || this.#failure !== null) return;
    const pictures = this.#next;
    this.stop();
    this.#running = this.#analyse(pictures)
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .then(() => {
        this.#running = null;
        this.#startNext();
      });
  }

  async #analyse(pictures: EncodedPicture[]): Promise<void> {
    const { inference, kind, nowMs, onOutcome } = this.#options;
    const startedAtMs = nowMs();
    const { outcomes } = await askInference((deadlineAtMs) =>
      inference.analyseFrames({ kind, pictures, previousFace: this.#previousFace }, deadlineAtMs),
    );
    this.busyMs += nowMs() - startedAtMs;
    if (outcomes.length !== pictures.length) throw inferenceFailed('not one outcome for each picture');
    for (const [place, outcome] of outcomes.entries()) {
      if (outcome.ok) this.#previousFace = outcome.evidence.face;
      onOutcome(pictures[place]?.ordinal ?? 0, outcome);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
