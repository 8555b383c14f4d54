import type { SessionChange, VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { closesAtMs, isOpen, stateAt } from '#shared/lib/session-state.ts';
import { MOST_TOLD_ENTRIES } from '#shared/lib/session-trail.ts';
import type { SessionRefusal } from '#shared/rpc/sessions.ts';

/** What can happen to a session. */
export type SessionCommand =
  | { kind: 'record'; event: string }
  | { kind: 'admit'; attempt: number }
  | { kind: 'settle'; attempt: number; outcome: AttemptOutcome }
  | { kind: 'cancel' }
  | { kind: 'expire' };

export interface AttemptOutcome {
  verdict: 'live' | 'fake';
  confidence: number;
  warning: string | null;
  matchFound: boolean | null;
  similarityScore: number | null;
  /** With a verdict of `live` only. */
  attestation: { token: string; expiresAtMs: number } | null;
  /** What the person had said when it was judged. */
  consent: VerificationSessionRow['consent'];
}

export type Milestone = 'started' | 'completed' | 'failed' | 'expired' | 'cancelled';

/**
 * `change` is null where nothing changes, `milestone` is what others are told of. What has been done before is a repetition: it is not
 * written down again.
 */
export type Transition =
  | { ok: true; change: SessionChange | null; milestone: Milestone | null; isRepetition?: true }
  | { ok: false; refusal: SessionRefusal };

/** A check that was begun in time may end this much later: ten pictures over a bad connection, and their verdict. */
export const CHECK_MAY_TAKE_MS = 90_000;

const NOTHING: Transition = { ok: true, change: null, milestone: null };
const REPETITION: Transition = { ...NOTHING, isRepetition: true };
const TRAIL_FULL: Transition = { ok: false, refusal: { reason: 'trail_full' } };

/** The one place that says which state follows which. Nothing leads out of an end. */
export function transition(session: VerificationSessionRow, command: SessionCommand, nowMs: number): Transition {
  switch (command.kind) {
    case 'record':
      return record(session, command.event, nowMs);
    case 'admit':
      return admit(session, command.attempt, nowMs);
    case 'settle':
      return settle(session, command.attempt, command.outcome, nowMs);
    case 'cancel':
      if (session.state === 'cancelled') return REPETITION;
      return isOver(session, nowMs) ? closed(session, nowMs) : end(nowMs, { state: 'cancelled' }, 'cancelled');
    case 'expire':
      if (!isOpen(session) || nowMs < closesAtMs(session)) return NOTHING;
      return end(nowMs, { state: 'expired' }, 'expired');
  }
}

function isOver(session: VerificationSessionRow, nowMs: number): boolean {
  return !isOpen({ state: stateAt(session, nowMs) });
}

/** Everything that is told is written down; only three things change something, and only while the session is open. */
function record(session: VerificationSessionRow, event: string, nowMs: number): Transition {
  if (session.revision >= MOST_TOLD_ENTRIES) return TRAIL_FULL;
  if (isOver(session, nowMs)) return NOTHING;
  if (event === 'capture_started') return started(session, {}, nowMs);
  if (event !== 'consent_given' && event !== 'consent_refused') return NOTHING;
  // Once frames are judged, it is too late for another answer.
  if (session.userIdentifier === null || session.attempts > 0) return NOTHING;
  return { ok: true, change: { consent: event === 'consent_given' ? 'given' : 'refused' }, milestone: null };
}

function started(session: VerificationSessionRow, change: SessionChange, nowMs: number): Transition {
  if (session.state === 'in_progress') {
    return { ok: true, change: Object.keys(change).length === 0 ? null : change, milestone: null };
  }
  return { ok: true, change: { ...change, state: 'in_progress', startedAtMs: nowMs }, milestone: 'started' };
}

function admit(session: VerificationSessionRow, attempt: number, nowMs: number): Transition {
  // Its verdict is there: whoever did not get the answer may ask for it again.
  if (attempt <= session.attempts) return REPETITION;
  if (session.revision >= MOST_TOLD_ENTRIES) return TRAIL_FULL;
  if (isOver(session, nowMs)) return closed(session, nowMs);
  if (session.requireUserMatch && session.consent !== 'given') return { ok: false, refusal: { reason: 'no_consent' } };
  if (attempt > session.maxAttempts) return { ok: false, refusal: { reason: 'no_such_attempt' } };
  if (attempt > session.attempts + 1) return { ok: false, refusal: { reason: 'attempt_too_early' } };
  // Once the link is over, what was begun may be sent again, and gains no time by it.
  const putsOffTheEnd = nowMs < session.expiresAtMs && closesAtMs(session) < nowMs + CHECK_MAY_TAKE_MS;
  return started(session, putsOffTheEnd ? { checkUntilMs: nowMs + CHECK_MAY_TAKE_MS } : {}, nowMs);
}

function settle(session: VerificationSessionRow, attempt: number, outcome: AttemptOutcome, nowMs: number): Transition {
  if (attempt <= session.attempts) return REPETITION;
  if (!isOpen(session)) return closed(session);
  if (attempt !== session.attempts + 1) return { ok: false, refusal: { reason: 'attempt_too_early' } };
  // Compared, or not, on the strength of another answer than the one that stands now: to be judged anew.
  if (outcome.consent !== session.consent) return { ok: false, refusal: { reason: 'unavailable' } };
  const { attestation, consent: _, ...told } = outcome;
  const change: SessionChange = { ...told, attempts: attempt };
  const isSomebodyElse = session.requireUserMatch && outcome.verdict === 'live' && !maySatisfy(outcome);
  if (outcome.verdict === 'live' && !isSomebodyElse && attestation !== null) {
    const proof = { attestation: attestation.token, attestationExpiresAtMs: attestation.expiresAtMs };
    return end(
      nowMs,
      { ...change, ...proof, state: 'completed', startedAtMs: session.startedAtMs ?? nowMs },
      'completed',
    );
  }
  if (attempt < session.maxAttempts) {
    return {
      ok: true,
      change: { ...change, state: 'in_progress', startedAtMs: session.startedAtMs ?? nowMs },
      milestone: null,
    };
  }
  const failureReason = isSomebodyElse ? 'user_mismatch' : 'not_live';
  return end(nowMs, { ...change, state: 'failed', failureReason }, 'failed');
}

/** Only who was found to be the same. So the first session of a user is made without `require_user_match`: it is the one to compare with. */
export function maySatisfy({ matchFound }: Pick<AttemptOutcome, 'matchFound'>): boolean {
  return matchFound === true;
}

function end(nowMs: number, change: SessionChange, milestone: Milestone): Transition {
  return { ok: true, change: { ...change, endedAtMs: nowMs }, milestone };
}

function closed(session: VerificationSessionRow, nowMs = Number.NEGATIVE_INFINITY): Transition {
  return { ok: false, refusal: { reason: 'session_closed', state: stateAt(session, nowMs) } };
}
