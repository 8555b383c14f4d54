import type { PageEvent } from './page-state.ts';

/** What is to be seen, as data: which words, in which order, and what can be pressed. */
export interface Screen {
  /** Another name is another screen: the focus goes to its heading, so that it is read. */
  name: string;
  tone: 'calm' | 'busy' | 'good' | 'sorry';
  heading: string;
  blocks: Block[];
  buttons: Button[];
  /** Whether the preview of the camera is shown. It outlives screens that hide it. */
  showsCapture: boolean;
}

export type Block =
  | { kind: 'text'; text: string; look: 'plain' | 'quiet' | 'lead' }
  | { kind: 'quote'; text: string }
  | { kind: 'list'; heading: string | null; items: readonly string[]; isOrdered: boolean }
  | { kind: 'time_left' }
  /** `missing`: shown once the person wants to go on without it. */
  | { kind: 'consent'; legend: string; label: string; notes: string[]; missing: string };

export interface Button {
  label: string;
  isPrimary: boolean;
  press: ButtonEvent;
  /** Not to be pressed before so many seconds are over. */
  waitSeconds: number;
}

/** `start` stands for `start_pressed` with the answer that the screen then holds. */
export type ButtonEvent = Extract<PageEvent, { kind: 'stop_pressed' | 'retry_pressed' }> | { kind: 'start' };

export function text(words: string, look: 'plain' | 'quiet' | 'lead' = 'plain'): Block {
  return { kind: 'text', text: words, look };
}

export function list(items: readonly string[], heading: string | null = null): Block {
  return { kind: 'list', heading, items, isOrdered: false };
}

export function orderedList(items: readonly string[], heading: string): Block {
  return { kind: 'list', heading, items, isOrdered: true };
}

export function button(label: string, press: ButtonEvent, waitSeconds = 0): Button {
  return { label, isPrimary: press.kind !== 'stop_pressed', press, waitSeconds };
}
