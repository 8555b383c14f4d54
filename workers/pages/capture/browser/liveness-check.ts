/**
 * `<liveness-check>`: films a face and has it judged. Load this file as a module, put the tag anywhere, and call `start()` when
 * the person has pressed a button. Attributes `session-id`, `token`, `api-url`, `frames`, `attempt`, `lang`, `camera`; events
 * `liveness-state`, `-hint`, `-progress`, `-result`, `-error`. How it looks is set by the properties in `style.ts`.
 *
 * The page's policy has to allow, of where this file comes from: script-src (with 'wasm-unsafe-eval'), connect-src and worker-src.
 * If that is another origin, worker-src has to allow `blob:` besides, and our files have to be served to any origin. The camera
 * needs HTTPS, and `allow="camera"` in a frame.
 */

import { firstLanguage } from '../../languages.ts';
import { missingFeatures } from '../../missing-features.ts';
import { checkBody } from '../check-body.ts';
import { CaptureFailure, FAILURES } from '../failures.ts';
import type { HintCode } from '../hints.ts';
import { type CaptureMessages, type CaptureState, MESSAGES } from '../messages.ts';
import { type CropsMessage, sendCrops } from '../send-crops.ts';
import { type CaptureSettings, settingsOf } from '../settings.ts';
import { closeCamera, onCameraLost, openCamera } from './camera.ts';
import { type FaceFinder, startFaceFinder } from './face-finder.ts';
import { record } from './record.ts';
import { tellClientTime } from './tell-client-time.ts';
import { createView, type View } from './view.ts';
import { waitFor } from './wait-for.ts';

const HERE = new URL(import.meta.url);

/** A recording that is complete, until it has its verdict. */
interface Pending {
  settings: CaptureSettings;
  message: CropsMessage;
  startedAtMs: number;
}

class LivenessCheck extends HTMLElement {
  static readonly observedAttributes = ['lang'];

  readonly #view: View;
  #state: CaptureState = 'idle';
  /** What the text is, in whichever language. */
  #say: (messages: CaptureMessages) => string = ({ states }) => states.idle;
  #run = new AbortController();
  #stream: MediaStream | null = null;
  #finder: FaceFinder | null = null;
  #pending: Pending | null = null;

  constructor() {
    super();
    this.#view = createView(this.attachShadow({ mode: 'open' }));
  }

  connectedCallback(): void {
    this.#speak();
  }

  attributeChangedCallback(): void {
    this.#speak();
  }

  disconnectedCallback(): void {
    this.stop();
    this.#dropFinder(this.#finder);
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Loads what finds the face, ahead of `start()`, which tries again if it failed. Saves a wait where people read first. */
  async prepare(): Promise<void> {
    await this.#loadFinder().catch(() => {});
  }

  /** Asks for the camera: call it from a click. Settles when the run has ended, however it did; the events tell how. */
  async start(): Promise<void> {
    this.#endRun();
    this.#pending = null;
    await this.#guard(async (signal) => {
      const settings = settingsOf((name) => this.getAttribute(name), HERE.origin);
      this.#enter('starting');
      // Without a `lang` of its own it goes by the page, which tells nobody when it changes.
      this.#view.speak(this.#language());
      this.#view.showProgress(0, settings.frameCount);
      this.#pending = await this.#record(settings, signal);
      await this.#send(this.#pending, signal);
    });
  }

  /** After a failure that keeps the recording: sends it once more, with the same body. Without a recording it does nothing. */
  async retry(): Promise<void> {
    const pending = this.#pending;
    if (pending === null || this.#state === 'sending') return;
    this.#endRun();
    await this.#guard((signal) => this.#send(pending, signal));
  }

  stop(): void {
    this.#endRun();
    this.#pending = null;
    this.#enter('idle');
  }

  async #record(settings: CaptureSettings, signal: AbortSignal): Promise<Pending> {
    const { frameCount } = settings;
    requireBrowser();
    // Both at once; the camera is asked for within the click.
    const loading = this.#loadFinder();
    loading.catch(() => {});
    const stream = await openCamera(settings.cameraId);
    if (signal.aborted) closeCamera(stream);
    signal.throwIfAborted();
    this.#stream = stream;
    const lost = new Promise<never>((_, reject) => {
      onCameraLost(stream, signal, () => reject(new CaptureFailure('camera_missing', 'the camera went away')));
    });
    lost.catch(() => {});
    await this.#view.showCamera(stream).catch((error: unknown) => {
      throw new CaptureFailure('camera_busy', `its picture cannot be shown: ${error}`);
    });
    const finder = await Promise.race([loading, lost]);
    signal.throwIfAborted();

    this.#enter('searching');
    const listener = {
      phase: (name: 'searching' | 'capturing') => this.#enter(name),
      hint: (hint: HintCode | null) => {
        const state = this.#state;
        const text = this.#tell(({ hints, states }) => (hint === null ? states[state] : hints[hint]));
        this.#emit('liveness-hint', { hint, text });
      },
      progress: (done: number) => {
        this.#view.showProgress(done, frameCount);
        this.#emit('liveness-progress', { done, total: frameCount });
      },
    };
    const { video } = this.#view;
    const recorded = await Promise.race([record({ video, finder, frameCount, signal, listener }), lost]);
    // Nothing more is filmed than what is sent.
    this.#stopCamera();
    this.#enter('sending');
    const body = checkBody(settings, { ...recorded, crops: await finder.collect() });
    // Not of the run that may have begun meanwhile.
    signal.throwIfAborted();
    finder.discard();
    const { apiUrl, token } = settings;
    return { settings, message: { apiUrl, token, body }, startedAtMs: recorded.firstAtMs };
  }

  async #send({ settings, message, startedAtMs }: Pending, signal: AbortSignal): Promise<void> {
    this.#enter('sending');
    const ports = { fetch: (url: string, init: RequestInit) => fetch(url, init), wait: waitFor };
    const result = await sendCrops(message, ports, signal);
    this.#pending = null;
    tellClientTime(settings, performance.now() - startedAtMs);
    this.#enter('done');
    this.#emit('liveness-result', { ...result, session_id: settings.sessionId, attempt: settings.attempt });
  }

  /** Whatever fails in a run is told once, and leaves no camera on. A run that was stopped tells nothing. */
  async #guard(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#run;
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    // What nobody foresaw may go well with everything made anew.
    const failure = error instanceof CaptureFailure ? error : new CaptureFailure('weights_failed', String(error));
    this.#endRun();
    const { code, message: detail, retryAfterSeconds } = failure;
    const { retryable, keepsRecording } = FAILURES[code];
    if (code === 'weights_failed') this.#dropFinder(this.#finder);
    if (!keepsRecording) this.#pending = null;
    this.#enter('failed');
    const message = this.#tell(({ failures }) => failures[code]);
    this.#emit('liveness-error', { code, message, retryable, retry_after: retryAfterSeconds, detail });
  }

  async #loadFinder(): Promise<FaceFinder> {
    this.#finder ??= startFaceFinder(new URL('find-face.js', HERE));
    const finder = this.#finder;
    try {
      await finder.load();
    } catch (error) {
      this.#dropFinder(finder);
      throw error;
    }
    return finder;
  }

  /** A worker that failed once stays broken; whoever needs one next makes another. */
  #dropFinder(finder: FaceFinder | null): void {
    finder?.close();
    if (this.#finder === finder) this.#finder = null;
  }

  #endRun(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#stopCamera();
    this.#finder?.discard();
  }

  #stopCamera(): void {
    closeCamera(this.#stream);
    this.#stream = null;
    this.#view.showCamera(null).catch(() => {});
  }

  #enter(state: CaptureState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#view.showState(state);
    this.#tell(({ states }) => states[state]);
    this.#emit('liveness-state', { state });
  }

  #speak(): void {
    this.#view.speak(this.#language());
    this.#tell(this.#say);
  }

  #tell(say: (messages: CaptureMessages) => string): string {
    this.#say = say;
    const text = say(MESSAGES[this.#language()]);
    this.#view.showText(text);
    return text;
  }

  #language() {
    return firstLanguage([this.getAttribute('lang'), document.documentElement.lang]);
  }

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function requireBrowser(): void {
  const missing = missingFeatures(window);
  if (missing.length > 0) throw new CaptureFailure('not_supported', `without ${missing.join(', ')}`);
}

// A page may load two versions; the first stays.
if (!customElements.get('liveness-check')) customElements.define('liveness-check', LivenessCheck);
