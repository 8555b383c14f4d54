import { describe, expect, it } from 'vitest';
import { presentSession } from '#shared/contract/present-session.ts';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { sessionRow } from '../session/testing/session-row.ts';
import { isVerified, reusedTextOf, statusOf, textOf } from './describe-session.ts';

const NOW_MS = 5_000;
const DONE = {
  state: 'completed',
  verdict: 'live',
  confidence: 0.9,
  attestation: 'a.b.c',
  attestationExpiresAtMs: 9_000,
  endedAtMs: 1_000,
  attempts: 1,
} as const;
const shown = (change: Partial<VerificationSessionRow> = {}) =>
  presentSession(sessionRow({ ...DONE, ...change }), {
    organisation: { name: 'Acme', slug: 'acme' },
    hasOnlyLink: false,
    nowMs: NOW_MS,
  });

const states = ['pending', 'in_progress', 'completed', 'failed', 'expired', 'cancelled'] as const;
const combinations = states.flatMap((state) =>
  (['live', 'fake', null] as const).flatMap((verdict) =>
    [true, false, null].flatMap((matchFound) =>
      ['a.b.c', null].flatMap((attestation) =>
        [NOW_MS, NOW_MS + 1, null].map((attestationExpiresAtMs) => ({
          state,
          verdict,
          matchFound,
          attestation,
          attestationExpiresAtMs,
        })),
      ),
    ),
  ),
);

describe('a yes', () => {
  it('is one combination of all that there are, and every other begins with NOT', () => {
    const said = combinations.map((change) => ({ change, session: shown({ similarityScore: 0.9, ...change }) }));
    const yes = said.filter(({ session }) => isVerified(session, NOW_MS));
    expect(said).toHaveLength(324);
    expect(yes.map(({ change }) => change)).toEqual([
      { ...DONE_AND_VALID, matchFound: true },
      { ...DONE_AND_VALID, matchFound: null },
    ]);
    for (const { session } of said) {
      const isYes = statusOf(session, NOW_MS).human_verified;
      for (const text of [textOf(session, NOW_MS), reusedTextOf(session, NOW_MS)]) {
        expect([isYes, text.startsWith('VERIFIED'), text.startsWith('NOT VERIFIED')]).toEqual([isYes, isYes, !isYes]);
        expect(text.includes('Do not carry out the action')).toBe(!isYes);
      }
    }
  });

  it('says who it was only where that was compared', () => {
    expect(textOf(shown(), NOW_MS)).toContain('Who it was has not been compared.');
    const compared = shown({ matchFound: true, similarityScore: 0.934 });
    expect(textOf(compared, NOW_MS)).toContain('the person of the earlier sessions (similarity 0.93)');
  });

  it('that is used again says that nobody was asked, and for what it was given', () => {
    const text = reusedTextOf(shown({ actionDescription: 'Pay "Ana"' }), NOW_MS);
    expect(text).toMatch(/^VERIFIED BEFORE\. Nobody was asked now/);
    expect(text).toContain('at 1970-01-01T00:00:01.000Z a live person confirmed: "Pay \\"Ana\\""');
  });
});

const DONE_AND_VALID = {
  state: 'completed',
  verdict: 'live',
  attestation: 'a.b.c',
  attestationExpiresAtMs: NOW_MS + 1,
};

describe('a no', () => {
  it('says aloud that it was somebody else', () => {
    const somebodyElse = shown({ matchFound: false, similarityScore: 0.2 });
    expect(textOf(somebodyElse, NOW_MS)).toMatch(/NOT VERIFIED AS THIS USER\. .* NOT the one of the earlier sessions/);
    expect(textOf(shown({ state: 'failed', matchFound: false, similarityScore: 0.2 }), NOW_MS)).toContain(
      'NOT the one',
    );
  });

  it('says that a proof is over', () => {
    expect(textOf(shown(), 8_999)).toMatch(/^VERIFIED\. /);
    expect(textOf(shown(), 9_000)).toMatch(/^NOT VERIFIED ANY MORE\. /);
  });
});
