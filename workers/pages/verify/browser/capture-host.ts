import type { Language } from '../../languages.ts';
import { type CaptureTold, captureEventOf } from '../capture-event.ts';
import type { PageLink } from '../page-link.ts';

const TAG = 'liveness-check';
const EVENTS = ['liveness-state', 'liveness-result', 'liveness-error'] as const;

/** What the page uses of the element. */
interface LivenessCheck extends HTMLElement {
  /** Fetches what is heavy, ahead of `start`. */
  prepare(): unknown;
  start(): unknown;
  stop(): unknown;
  retry(): unknown;
}

interface HostOptions {
  slot: HTMLElement;
  /** null where the address holds none: then nothing is ever started. */
  link: PageLink | null;
  tell: (told: CaptureTold) => void;
}

/** The element of this visit. Each start begins anew in it; what it has loaded stays loaded. */
export class CaptureHost {
  readonly #options: HostOptions;
  #element: LivenessCheck | null = null;
  #isRunning = false;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  prepare(): void {
    void this.#findElement()?.prepare();
  }

  start({ attempt, frames, language }: { attempt: number; frames: number; language: Language }): void {
    const element = this.#findElement();
    if (element === null) {
      // Its script has not arrived yet, however early it was asked for.
      const isOnline = navigator.onLine;
      this.#options.tell({ kind: 'capture_failed', failure: 'weights_failed', retryAfterSeconds: null, isOnline });
      return;
    }
    element.setAttribute('frames', String(frames));
    element.setAttribute('attempt', String(attempt));
    this.speak(language);
    this.#isRunning = true;
    void element.start();
  }

  resend(): void {
    void this.#element?.retry();
  }

  end(): void {
    // First of all, so that what it tells of its own end is not heard.
    this.#isRunning = false;
    void this.#element?.stop();
  }

  speak(language: Language): void {
    this.#element?.setAttribute('lang', language);
  }

  #findElement(): LivenessCheck | null {
    const { slot, link } = this.#options;
    if (this.#element !== null || link === null) return this.#element;
    const element = document.createElement(TAG);
    if (!isLivenessCheck(element)) return null;
    element.setAttribute('session-id', link.sessionId);
    element.setAttribute('token', link.token);
    element.setAttribute('api-url', location.origin);
    for (const type of EVENTS) element.addEventListener(type, (event) => this.#hear(event));
    slot.append(element);
    this.#element = element;
    return element;
  }

  #hear(event: Event): void {
    if (!this.#isRunning || !(event instanceof CustomEvent)) return;
    const told = captureEventOf(event.type, event.detail, navigator.onLine);
    if (told !== null) this.#options.tell(told);
  }
}

function isLivenessCheck(element: HTMLElement): element is LivenessCheck {
  return ['prepare', 'start', 'stop', 'retry'].every((name) => name in element);
}
