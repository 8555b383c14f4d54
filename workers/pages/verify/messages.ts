import type { Language } from '../languages.ts';
import { ENGLISH } from './messages-en.ts';
import { SPANISH } from './messages-es.ts';
import type { Fault } from './page-state.ts';

/** Something to be told, and what to do about it. */
export interface Notice {
  heading: string;
  text: string;
  steps: readonly string[];
}

/** `asked`: as the person answers now. `agreed`: as they answered before an earlier attempt. */
export type FaceKept = 'nothing' | 'asked' | 'agreed';

/** Everything that the page says. A sentence that one language lacks does not compile. */
export interface Messages {
  languageName: string;
  languageSwitch: string;
  /** What this page belongs to, on top of it. */
  siteName: string;
  pageTitle: string;
  opening: { heading: string; text: string };
  request: {
    heading: string;
    asks: (organisation: string) => string;
    caution: string;
    attempt: (attempt: number, attempts: number) => string;
  };
  timeLeft: {
    shown: (minutes: number, seconds: number) => string;
    announced: (seconds: number) => string;
  };
  happens: { heading: string; items: (frames: number) => readonly string[] };
  kept: {
    heading: string;
    /** With somebody to recognise, what is kept of the face hangs on the answer below. */
    items: (organisation: string, face: FaceKept) => readonly string[];
  };
  consent: {
    legend: string;
    label: string;
    kept: (organisation: string) => string;
    erased: (organisation: string) => string;
    free: string;
    needed: (organisation: string) => string;
    missing: string;
  };
  buttons: { start: string; stop: string; retry: string; tryAgain: string; waiting: (seconds: number) => string };
  beginning: { heading: string; text: string };
  capturing: { heading: string; checking: string; allow: string; look: string; sending: string; takesLong: string };
  settling: { heading: string; text: string };
  confirmed: { heading: string; text: (organisation: string) => string; close: string };
  notConfirmed: {
    heading: string;
    notLive: string;
    notRecognised: string;
    adviceHeading: string;
    /** Where the check itself has none. */
    advice: readonly string[];
    left: (attempts: number) => string;
  };
  ended: {
    usedConfirmed: (organisation: string) => Notice;
    failedNotLive: (organisation: string) => Notice;
    failedMismatch: (organisation: string) => Notice;
    expired: (organisation: string) => Notice;
    cancelled: (organisation: string) => Notice;
  };
  faults: Readonly<Record<Fault, Notice>>;
  /** Only where it is so. */
  resumes: string;
  /** What the API advises, by its own sentences. */
  advice: Readonly<Record<ApiAdvice, string>>;
}

/** The sentences of workers/inference/fusion/cue-readings.ts; a test holds the two together. */
export const API_ADVICE = [
  'Keep the whole face in view, upright and towards the camera.',
  'Send each frame of the camera once.',
  'Face an even light, clean the lens, and leave room around the head.',
  'Move the head a little, blink, or say a word.',
  'Move slowly, and send frames in the order and at the pace of the camera.',
  'Move back, so that there is room around the head.',
  'Come closer to the camera.',
  'Make sure that nobody else is in view.',
  'Add light in front of the face.',
  'Avoid direct sun and lamps behind the head.',
  'Turn towards the light, so that both sides of the face are lit.',
  'Hold the camera still and clean the lens.',
] as const;
export type ApiAdvice = (typeof API_ADVICE)[number];

export const MESSAGES: Readonly<Record<Language, Messages>> = { en: ENGLISH, es: SPANISH };

/** In the language of the page where the sentence is known, else as it came. Each once. */
export function sayAdvice(messages: Messages, advice: readonly string[]): string[] {
  const said = advice.map((sentence) => (isApiAdvice(sentence) ? messages.advice[sentence] : sentence));
  return [...new Set(said)];
}

function isApiAdvice(sentence: string): sentence is ApiAdvice {
  return API_ADVICE.some((known) => known === sentence);
}
