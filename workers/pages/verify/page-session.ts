import type { Session } from '#shared/contract/sessions.ts';
import { isOpen } from '#shared/lib/session-state.ts';

/** What the page needs of a session, as a holder of its token may read it. */
export type PageSession = Pick<
  Session,
  | 'session_id'
  | 'state'
  | 'action_description'
  | 'frame_count'
  | 'asks_consent'
  | 'consent'
  | 'require_user_match'
  | 'max_attempts'
  | 'attempts'
  | 'verdict'
  | 'failure_reason'
  | 'organisation'
  | 'expires_at'
>;

const STATES: readonly unknown[] = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'expired',
  'cancelled',
] satisfies Session['state'][];

const VERDICTS: readonly unknown[] = ['live', 'fake', null] satisfies Session['verdict'][];

const CONSENTS: readonly unknown[] = ['given', 'refused', null] satisfies Session['consent'][];

/** The session of an answer; null where it is none. By hand, for a validator would be the largest part of the page. */
export function parsePageSession(answer: unknown): PageSession | null {
  return hasData(answer) && isPageSession(answer.data) ? answer.data : null;
}

export function isOver(session: PageSession): boolean {
  return !isOpen(session);
}

function hasData(answer: unknown): answer is { data: unknown } {
  return isObject(answer) && 'data' in answer;
}

function isPageSession(data: unknown): data is PageSession {
  if (!isObject(data) || !isObject(data.organisation)) return false;
  const texts = [data.session_id, data.action_description, data.organisation.name];
  const counts = [data.frame_count, data.max_attempts, data.attempts];
  const switches = [data.asks_consent, data.require_user_match];
  return (
    texts.every((value) => typeof value === 'string') &&
    counts.every(Number.isInteger) &&
    switches.every((value) => typeof value === 'boolean') &&
    STATES.includes(data.state) &&
    VERDICTS.includes(data.verdict) &&
    CONSENTS.includes(data.consent) &&
    typeof data.expires_at === 'string' &&
    Number.isFinite(Date.parse(data.expires_at))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
