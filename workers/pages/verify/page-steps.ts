import type { PageSession } from './page-session.ts';
import type { Effect, Fault, PageState, Retry, Step } from './page-state.ts';

interface FaultContext {
  session: PageSession | null;
  retry: Retry | null;
  retryAfterSeconds: number | null;
  isOnline: boolean;
}

export function stay(state: PageState): Step {
  return { state, effects: [] };
}

export function ready(session: PageSession): PageState {
  return { name: 'ready', session };
}

export function fault(
  name: Fault,
  { session = null, retry = null, retryAfterSeconds = null, isOnline = true }: Partial<FaultContext>,
  effects: Effect[] = [],
): Step {
  const resumes = name === 'offline' && !isOnline && goesOnAlone(retry);
  return { state: { name: 'fault', fault: name, session, retry, retryAfterSeconds, resumes }, effects };
}

/** What needs nobody to look on. A camera is switched on by a person only. */
export function goesOnAlone(retry: Retry | null): boolean {
  return retry?.kind === 'read' || retry?.kind === 'resend';
}

export function record(event: string, details: Record<string, unknown> = {}): Effect {
  return { kind: 'record', record: { event, details } };
}
