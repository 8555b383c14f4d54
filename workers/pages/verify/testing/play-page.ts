import type { FailureCode } from '../../capture/failures.ts';
import type { PageSession } from '../page-session.ts';
import type { ApiFault, Effect, PageEvent, PageState } from '../page-state.ts';
import { stepPage } from '../step-page.ts';
import { makeSession } from './make-session.ts';

/** From the beginning, through these events: the last state, every effect on the way, and those of the last event. */
export function play(...events: PageEvent[]): { state: PageState; effects: Effect[]; last: Effect[] } {
  let state: PageState = { name: 'opening' };
  const effects: Effect[] = [];
  let last: Effect[] = [];
  for (const event of events) {
    const step = stepPage(state, event);
    state = step.state;
    last = step.effects;
    effects.push(...last);
  }
  return { state, effects, last };
}

export function read(parts: Partial<PageSession> = {}): PageEvent {
  return { kind: 'session_read', session: makeSession(parts) };
}

export function begun(parts: Partial<PageSession> = {}): PageEvent {
  return { kind: 'begun', session: makeSession({ state: 'in_progress', ...parts }) };
}

export function apiFailed(fault: ApiFault, { isOnline = false } = {}): PageEvent {
  return { kind: 'api_failed', fault, retryAfterSeconds: null, isOnline };
}

export function failed(
  failure: FailureCode,
  { retryAfterSeconds = null as number | null, isOnline = false } = {},
): PageEvent {
  return { kind: 'capture_failed', failure, retryAfterSeconds, isOnline };
}

/** What reaches the trail, in its order. */
export function eventsOf(effects: Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'record') return [effect.record.event];
    return effect.kind === 'begin' ? effect.records.map(({ event }) => event) : [];
  });
}

export const OPENED: PageEvent = {
  kind: 'opened',
  link: { sessionId: 'a', token: 'vst_b' },
  isSecure: true,
  isSupported: true,
};
export const START: PageEvent = { kind: 'start_pressed', agrees: false };
export const AGREE: PageEvent = { kind: 'start_pressed', agrees: true };
export const STOP: PageEvent = { kind: 'stop_pressed' };
export const RETRY: PageEvent = { kind: 'retry_pressed' };
export const ONLINE: PageEvent = { kind: 'came_online' };
export const TIME_IS_UP: PageEvent = { kind: 'time_is_up' };
export const SENDING: PageEvent = { kind: 'capture_phase', phase: 'sending' };
export const RESULT: PageEvent = { kind: 'capture_result', advice: ['Come closer to the camera.'] };

export const CAPTURING = [OPENED, read(), START, begun()];
