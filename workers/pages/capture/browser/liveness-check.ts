/**
 * `<liveness-check>`: films a face and has it judged. Load this file as a module, put the tag anywhere, and call `start()` when
 * the person has pressed a button. Attributes `session-id`, `token`, `api-url`, `frames`, `attempt`, `lang`, `camera`; events
 * `liveness-state`, `-hint`, `-progress`, `-result`, `-error`. How it looks is set by the properties in `style.ts`.
 *
 * The page's policy has to allow, of where this file comes from: script-src (with 'wasm-unsafe-eval'), connect-src and worker-src.
 * If that is another origin, worker-src has to allow `blob:` besides, and our files have to be served to any origin. The camera
 * needs HTTPS, and `allow="camera"` in a frame.
 */

import { checkBody } from '../check-body.ts';
import { CaptureFailure, FAILURES } from '../failures.ts';
import { type CaptureState, MESSAGES } from '../messages.ts';
import { type CropsMessage, sendCrops } from '../send-crops.ts';
import { type CaptureSettings, languageOf, settingsOf } from '../settings.ts';
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
  #run = new AbortController();
  #stream: MediaStream | null = null;
  #finder: FaceFinder | null = null;
  #pending: Pending | null = null;

  constructor() {
    super();
    this.#view = createView(this.attachShadow({ mode: 'open' }));
  }

  connectedCallback(): void {
    this.#view.speak(this.#language());
  }

  attributeChangedCallback(): void {
    this.#view.speak(this.#language());
  }

  disconnectedCallback(): void {
    this.stop();
    this.#finder?.close();
    this.#finder = null;
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Loads what finds the face, ahead of `start()`. Not needed; saves a wait where the person reads something first. */
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
      this.#view.showProgress(0, settings.frameCount);
      this.#pending = await this.#record(settings, signal);
      await this.#send(this.#pending, signal);
    });
  }

  /** After `network`: sends what was recorded once more, with the same body. Without a recording it does nothing. */
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
    await this.#view.showCamera(stream);
    const finder = await Promise.race([loading, lost]);
    signal.throwIfAborted();

    this.#enter('searching');
    const listener = {
      phase: (name: 'searching' | 'capturing') => this.#enter(name),
      hint: (hint: keyof (typeof MESSAGES)['en']['hints'] | null) => {
        const { hints, states } = MESSAGES[this.#language()];
        const text = hint === null ? states[this.#state] : hints[hint];
        this.#view.showText(text);
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
    finder.discard();
    signal.throwIfAborted();
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
    const failure = error instanceof CaptureFailure ? error : new CaptureFailure('not_supported', String(error));
    this.#endRun();
    const { code } = failure;
    if (code === 'weights_failed') {
      // A worker that failed once stays broken; the next start makes another.
      this.#finder?.close();
      this.#finder = null;
    }
    if (code !== 'network') this.#pending = null;
    const message = MESSAGES[this.#language()].failures[code];
    this.#enter('failed');
    this.#view.showText(message);
    this.#emit('liveness-error', { code, message, retryable: FAILURES[code].retryable, detail: failure.message });
  }

  async #loadFinder(): Promise<FaceFinder> {
    this.#finder ??= startFaceFinder(new URL('find-face.js', HERE));
    const finder = this.#finder;
    await finder.load();
    return finder;
  }

  #endRun(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#stopCamera();
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
    this.#view.showText(MESSAGES[this.#language()].states[state]);
    this.#emit('liveness-state', { state });
  }

  #language() {
    return languageOf(this.getAttribute('lang'), document.documentElement.lang);
  }

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** What a browser of the last years has. */
function requireBrowser(): void {
  const missing = ['Worker', 'WebAssembly', 'OffscreenCanvas', 'createImageBitmap'].filter((name) => !(name in window));
  if (missing.length > 0) throw new CaptureFailure('not_supported', `without ${missing.join(', ')}`);
}

// A page may load two versions; the first stays.
if (!customElements.get('liveness-check')) customElements.define('liveness-check', LivenessCheck);
