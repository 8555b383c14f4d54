import { describe, expect, it } from 'vitest';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { stateAt } from '#shared/lib/session-state.ts';
import { MOST_TOLD_ENTRIES } from '#shared/lib/session-trail.ts';
import { type AttemptOutcome, CHECK_MAY_TAKE_MS, type SessionCommand, transition } from './session-machine.ts';
import { sessionRow } from './testing/session-row.ts';

const NOW_MS = 1_000;
const LIVE: AttemptOutcome = {
  verdict: 'live',
  confidence: 0.9,
  warning: null,
  matchFound: null,
  similarityScore: null,
  attestation: { token: 'a.b.c', expiresAtMs: 9_000 },
  consent: null,
};
const FAKE: AttemptOutcome = { ...LIVE, verdict: 'fake', confidence: 0.1, attestation: null };
const ENDS = ['completed', 'failed', 'expired', 'cancelled'] as const;

/** The session as it is after the commands, each of which must be taken. */
function having(commands: SessionCommand[], start: Partial<VerificationSessionRow> = {}): VerificationSessionRow {
  const session = sessionRow(start);
  for (const command of commands) {
    const next = transition(session, command, NOW_MS);
    if (!next.ok) throw new Error(`${command.kind}: ${next.refusal.reason}`);
    Object.assign(session, next.change);
  }
  return session;
}

describe('a session', () => {
  it('begins when capture does, once', () => {
    const begun = having([{ kind: 'record', event: 'capture_started' }]);
    expect(begun).toMatchObject({ state: 'in_progress', startedAtMs: NOW_MS });
    expect(transition(begun, { kind: 'record', event: 'capture_started' }, NOW_MS)).toMatchObject({ change: null });
  });

  it('is completed by a live verdict, with its attestation', () => {
    const session = having([
      { kind: 'admit', attempt: 1 },
      { kind: 'settle', attempt: 1, outcome: LIVE },
    ]);
    expect(session).toMatchObject({ state: 'completed', verdict: 'live', attestation: 'a.b.c', endedAtMs: NOW_MS });
  });

  it('goes on after a fake verdict while attempts are left, and fails with the last', () => {
    const first = having([{ kind: 'settle', attempt: 1, outcome: FAKE }], { maxAttempts: 2 });
    expect(first).toMatchObject({ state: 'in_progress', attempts: 1, verdict: 'fake', endedAtMs: null });
    expect(having([{ kind: 'settle', attempt: 2, outcome: FAKE }], first)).toMatchObject({
      state: 'failed',
      failureReason: 'not_live',
      attestation: null,
    });
    expect(having([{ kind: 'settle', attempt: 2, outcome: LIVE }], first)).toMatchObject({ state: 'completed' });
  });

  it('without an attestation is never completed', () => {
    const session = having([{ kind: 'settle', attempt: 1, outcome: { ...LIVE, attestation: null } }], {
      maxAttempts: 1,
    });
    expect(session).toMatchObject({ state: 'failed' });
  });

  it('counts an attempt once, however often it is told of', () => {
    const first = having([{ kind: 'settle', attempt: 1, outcome: FAKE }]);
    const again = transition(first, { kind: 'settle', attempt: 1, outcome: LIVE }, NOW_MS);
    expect(again).toMatchObject({ change: null, isRepetition: true });
  });

  it('takes attempts in their order only', () => {
    const admit = (attempt: number, from: Partial<VerificationSessionRow> = {}) =>
      transition(sessionRow(from), { kind: 'admit', attempt }, NOW_MS);
    expect(admit(2)).toEqual({ ok: false, refusal: { reason: 'attempt_too_early' } });
    expect(admit(4, { attempts: 3 })).toEqual({ ok: false, refusal: { reason: 'no_such_attempt' } });
    // Whoever did not get the answer asks for it again, also once the session is over.
    expect(admit(1, { attempts: 1, state: 'completed', endedAtMs: 1 })).toMatchObject({ ok: true, change: null });
  });

  it('gives a check that is begun in time the time to end, and the link no more of it', () => {
    const session = having([{ kind: 'admit', attempt: 1 }], { expiresAtMs: NOW_MS + 1 });
    const untilMs = NOW_MS + CHECK_MAY_TAKE_MS;
    expect(session).toMatchObject({ expiresAtMs: NOW_MS + 1, checkUntilMs: untilMs });
    expect(stateAt(session, untilMs - 1)).toBe('in_progress');
    expect(stateAt(session, untilMs)).toBe('expired');
    // Sent again after its time, it may still end, and gains nothing by it.
    const again = transition(session, { kind: 'admit', attempt: 1 }, untilMs - 1);
    expect(again).toEqual({ ok: true, change: null, milestone: null });
    expect(transition(session, { kind: 'expire' }, untilMs - 1)).toMatchObject({ change: null });
    expect(transition(session, { kind: 'expire' }, untilMs)).toMatchObject({ change: { state: 'expired' } });
    expect(having([{ kind: 'admit', attempt: 1 }])).toMatchObject({ checkUntilMs: null });
  });

  it('takes so many entries that are told, and its own end after them', () => {
    const full = sessionRow({ state: 'in_progress', startedAtMs: 1, revision: MOST_TOLD_ENTRIES });
    const refused = { ok: false, refusal: { reason: 'trail_full' } };
    expect(transition(full, { kind: 'record', event: 'x' }, NOW_MS)).toEqual(refused);
    expect(transition(full, { kind: 'admit', attempt: 1 }, NOW_MS)).toEqual(refused);
    expect(having([{ kind: 'settle', attempt: 1, outcome: LIVE }], full)).toMatchObject({ state: 'completed' });
    expect(having([{ kind: 'cancel' }], full)).toMatchObject({ state: 'cancelled' });
    expect(transition({ ...full, revision: MOST_TOLD_ENTRIES - 1 }, { kind: 'record', event: 'x' }, NOW_MS).ok).toBe(
      true,
    );
  });

  it('is cancelled in its time only', () => {
    const late = sessionRow({ expiresAtMs: NOW_MS });
    expect(transition(late, { kind: 'cancel' }, NOW_MS)).toEqual({
      ok: false,
      refusal: { reason: 'session_closed', state: 'expired' },
    });
  });

  it('is over once its time is, whether the alarm has come or not', () => {
    const late = sessionRow({ expiresAtMs: NOW_MS });
    expect(stateAt(late, NOW_MS)).toBe('expired');
    expect(transition(late, { kind: 'admit', attempt: 1 }, NOW_MS)).toEqual({
      ok: false,
      refusal: { reason: 'session_closed', state: 'expired' },
    });
    expect(transition(late, { kind: 'record', event: 'capture_started' }, NOW_MS)).toMatchObject({ change: null });
    expect(having([{ kind: 'expire' }], late)).toMatchObject({ state: 'expired', endedAtMs: NOW_MS });
    expect(transition(sessionRow({ expiresAtMs: NOW_MS + 1 }), { kind: 'expire' }, NOW_MS)).toMatchObject({
      change: null,
    });
  });

  it.each(ENDS)('that is %s stays so', (state) => {
    const ended = sessionRow({ state, endedAtMs: 1, startedAtMs: 1, attempts: 0 });
    const commands: SessionCommand[] = [
      { kind: 'record', event: 'capture_started' },
      { kind: 'record', event: 'consent_given' },
      { kind: 'admit', attempt: 1 },
      { kind: 'settle', attempt: 1, outcome: LIVE },
      { kind: 'cancel' },
      { kind: 'expire' },
    ];
    for (const command of commands) {
      const next = transition(ended, command, NOW_MS);
      if (next.ok) expect(next.change, command.kind).toBeNull();
      else expect(next.refusal, command.kind).toEqual({ reason: 'session_closed', state });
    }
  });
});

describe('who must be the same person', () => {
  const strict = { requireUserMatch: true, userIdentifier: 'user-1', consent: 'given', maxAttempts: 1 } as const;

  it('must have agreed to be compared', () => {
    const asked = transition(sessionRow({ ...strict, consent: 'refused' }), { kind: 'admit', attempt: 1 }, NOW_MS);
    expect(asked).toEqual({ ok: false, refusal: { reason: 'no_consent' } });
  });

  it.each([null, false])('must be found to be (%s is not enough)', (matchFound) => {
    const session = having(
      [{ kind: 'settle', attempt: 1, outcome: { ...LIVE, matchFound, consent: 'given' } }],
      strict,
    );
    expect(session).toMatchObject({ state: 'failed', failureReason: 'user_mismatch', attestation: null });
  });

  it('may be', () => {
    const outcome = { ...LIVE, matchFound: true, similarityScore: 0.9, consent: 'given' } as const;
    expect(having([{ kind: 'settle', attempt: 1, outcome }], strict)).toMatchObject({
      state: 'completed',
      matchFound: true,
    });
  });

  it('is judged on what they said last: a comparison on the strength of another answer is made anew', () => {
    const outcome = { ...LIVE, matchFound: true, similarityScore: 0.9, consent: 'given' } as const;
    const changed = sessionRow({ userIdentifier: 'user-1', consent: 'refused' });
    expect(transition(changed, { kind: 'settle', attempt: 1, outcome }, NOW_MS)).toEqual({
      ok: false,
      refusal: { reason: 'unavailable' },
    });
  });

  it('says so before the first verdict, or never', () => {
    const consent = (from: Partial<VerificationSessionRow>) =>
      transition(sessionRow(from), { kind: 'record', event: 'consent_given' }, NOW_MS);
    expect(consent({ userIdentifier: 'user-1' })).toMatchObject({ change: { consent: 'given' } });
    expect(consent({ userIdentifier: 'user-1', attempts: 1 })).toMatchObject({ change: null });
    expect(consent({})).toMatchObject({ change: null });
  });
});
