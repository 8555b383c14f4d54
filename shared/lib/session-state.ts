import type { Session } from '../contract/sessions.ts';

type State = Session['state'];

export interface SessionClock {
  state: State;
  expiresAtMs: number;
  /** Until when a check that was begun in time may still end. */
  checkUntilMs: number | null;
}

export function isOpen({ state }: { state: State }): boolean {
  return state === 'pending' || state === 'in_progress';
}

/** When an open session ends by itself. */
export function closesAtMs({ expiresAtMs, checkUntilMs }: Omit<SessionClock, 'state'>): number {
  return Math.max(expiresAtMs, checkUntilMs ?? 0);
}

/** What to tell who reads the session now: the alarm that ends it may be a moment late. */
export function stateAt(session: SessionClock, nowMs: number): State {
  return isOpen(session) && closesAtMs(session) <= nowMs ? 'expired' : session.state;
}
