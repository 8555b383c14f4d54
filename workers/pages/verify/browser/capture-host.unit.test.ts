import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CaptureTold } from '../capture-event.ts';
import { CaptureHost } from './capture-host.ts';

const LINK = { sessionId: 'a', token: 'vst_b' };
const START = { attempt: 2, frames: 30, language: 'es' } as const;

class Element extends EventTarget {
  readonly attributes: Record<string, string> = {};
  readonly calls: string[] = [];

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
}

class Capture extends Element {
  prepare = () => this.calls.push('prepare');
  start = () => this.calls.push('start');
  stop = () => {
    this.calls.push('stop');
    this.tell('liveness-error', { code: 'camera_busy' });
  };
  retry = () => this.calls.push('retry');

  tell(type: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const append = vi.fn<(element: Element) => void>();
const tell = vi.fn<(told: CaptureTold) => void>();

function hostWith(element: Element, link: typeof LINK | null = LINK): CaptureHost {
  vi.stubGlobal('document', { createElement: () => element });
  return new CaptureHost({ slot: { append } as unknown as HTMLElement, link, tell });
}

beforeEach(() => {
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('location', { origin: 'https://liveness.example' });
  append.mockReset();
  tell.mockReset();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('without its element it says what is missing, and puts nothing on the page', () => {
  const host = hostWith(new Element());
  host.prepare();
  expect(tell).not.toHaveBeenCalled();
  host.start(START);
  expect(tell.mock.calls).toEqual([
    [{ kind: 'capture_failed', failure: 'weights_failed', retryAfterSeconds: null, isOnline: true }],
  ]);
  expect(append).not.toHaveBeenCalled();
});

it('starts nothing for a link that is not complete', () => {
  const element = new Capture();
  hostWith(element, null).start(START);
  expect([element.calls, append.mock.calls]).toEqual([[], []]);
});

it('hands the session to its element, and its token to nobody else', () => {
  const element = new Capture();
  hostWith(element).start(START);
  expect(element.attributes).toEqual({
    'session-id': 'a',
    token: 'vst_b',
    'api-url': 'https://liveness.example',
    frames: '30',
    attempt: '2',
    lang: 'es',
  });
  expect(element.calls).toEqual(['start']);
});

it('does not hear what the element tells of its own end', () => {
  const element = new Capture();
  const host = hostWith(element);
  host.start(START);
  element.tell('liveness-state', { state: 'searching' });
  host.end();
  expect(tell.mock.calls).toEqual([[{ kind: 'capture_phase', phase: 'searching' }]]);
});
