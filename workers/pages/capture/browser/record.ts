import { type CapturePhase, nextPhase, SEARCHING } from '../capture-machine.ts';
import type { Recording } from '../check-body.ts';
import { afterFrame, firstHint, type ShownHint, showHint } from '../hint-machine.ts';
import type { HintCode } from '../hints.ts';
import { movesFast, type PlacedFace } from '../judge-face.ts';
import { dueAfter, framesASecond } from '../pacing.ts';
import type { FaceFinder } from './face-finder.ts';
import { onEachFrame } from './video-frames.ts';
import type { Look } from './worker-protocol.ts';

export interface RecordingListener {
  phase(name: CapturePhase['name']): void;
  hint(hint: HintCode | null): void;
  progress(taken: number): void;
}

/** What is kept of one recording: the crops stay with the worker until it is complete. */
export type Recorded = Pick<Recording, 'fps' | 'hints'> & { firstAtMs: number };

interface RecordOptions {
  video: HTMLVideoElement;
  finder: FaceFinder;
  frameCount: number;
  signal: AbortSignal;
  listener: RecordingListener;
}

/** Waits for a face that is right, then takes exactly `frameCount` frames of it. Rejects when the worker fails or the signal aborts. */
export async function record(options: RecordOptions): Promise<Recorded> {
  const { video, finder, signal } = options;
  finder.discard();
  const session = new RecordingSession(options);
  return await new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = () => ended.abort();
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason);
    });
    onEachFrame(video, ended.signal, (atMs) => {
      session.frame(atMs).then(
        (recorded) => {
          if (recorded === null || ended.signal.aborted) return;
          end();
          resolve(recorded);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  });
}

class RecordingSession {
  readonly #options: RecordOptions;
  readonly #hints = new Set<HintCode>();
  #phase: CapturePhase = SEARCHING;
  #hint: ShownHint = firstHint(performance.now());
  #before: PlacedFace | null = null;
  #dueMs: number | null = null;
  #wasRight = false;
  #isLooking = false;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** The recording once this frame has completed it. A frame that comes while another is looked at is let go: a slow machine takes fewer. */
  async frame(atMs: number): Promise<Recorded | null> {
    if (this.#isLooking) return null;
    const dueMs = dueAfter(this.#dueMs, atMs);
    if (dueMs === null) return null;
    this.#dueMs = dueMs;
    this.#isLooking = true;
    try {
      return await this.#look(atMs);
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(atMs: number): Promise<Recorded | null> {
    const { video, finder, signal } = this.#options;
    // A camera that has only just begun has nothing to show yet.
    const bitmap = await createImageBitmap(video).catch(() => null);
    if (bitmap === null || signal.aborted) return null;
    const look = await finder.look(bitmap, { wasRight: this.#wasRight, keep: this.#phase.name === 'capturing' });
    return signal.aborted ? null : this.#take(look, atMs);
  }

  #take({ problem, box, wasTaken }: Look, atMs: number): Recorded | null {
    const { finder, frameCount, listener } = this.#options;
    this.#wasRight = problem === null;
    const place = box && { box, atMs };
    const isFast = place !== null && this.#before !== null && movesFast(this.#before, place);
    this.#before = place;
    const { phase, step } = nextPhase(this.#phase, { atMs, problem, movesFast: isFast, wasTaken }, frameCount);
    this.#phase = phase;
    if (wasTaken && phase.name === 'capturing') listener.progress(phase.taken);
    if (step === 'none') this.#show(this.#nextHint(problem, isFast, atMs));
    if (step === 'begin') this.#begin(atMs);
    if (step === 'restart') {
      finder.discard();
      listener.progress(0);
      listener.phase('searching');
      // Told even if it was shown before: with the phase, the text has become another.
      this.#tell(showHint(problem, atMs));
    }
    if (step !== 'finish' || phase.name !== 'capturing') return null;
    const firstAtMs = phase.firstAtMs ?? atMs;
    return { fps: framesASecond(phase.taken, firstAtMs, atMs), hints: this.#hints, firstAtMs };
  }

  #begin(atMs: number): void {
    this.#options.listener.phase('capturing');
    this.#show(showHint(null, atMs));
  }

  /** While frames are taken, speed is no problem: only what would blur them is. */
  #nextHint(problem: HintCode | null, isFast: boolean, atMs: number): ShownHint {
    const isTooFast = isFast && problem === null && this.#phase.name === 'searching';
    return afterFrame(this.#hint, isTooFast ? 'hold_still' : problem, atMs);
  }

  #show(hint: ShownHint): void {
    if (hint.shown === this.#hint.shown) this.#hint = hint;
    else this.#tell(hint);
  }

  #tell(hint: ShownHint): void {
    this.#hint = hint;
    if (hint.shown !== null) this.#hints.add(hint.shown);
    this.#options.listener.hint(hint.shown);
  }
}
