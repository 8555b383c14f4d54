import type { PageSession } from './page-session.ts';
import type { Effect, Fault, PageState, Retry, Step } from './page-state.ts';

interface FaultContext {
  session: PageSession | null;
  retry: Retry | null;
  retryAfterSeconds: number | null;
}

export function stay(state: PageState): Step {
  return { state, effects: [] };
}

export function ready(session: PageSession): PageState {
  return { name: 'ready', session, lacksConsent: false };
}

export function fault(
  name: Fault,
  { session = null, retry = null, retryAfterSeconds = null }: Partial<FaultContext>,
  effects: Effect[] = [],
): Step {
  return { state: { name: 'fault', fault: name, session, retry, retryAfterSeconds }, effects };
}

export function record(event: string, details: Record<string, unknown> = {}): Effect {
  return { kind: 'record', record: { event, details } };
}
