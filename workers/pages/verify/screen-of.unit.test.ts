import { describe, expect, it } from 'vitest';
import { MESSAGES } from './messages.ts';
import type { PageSession } from './page-session.ts';
import type { PageState } from './page-state.ts';
import { screenOf } from './screen-of.ts';
import { makeSession } from './testing/make-session.ts';

const shown = (state: PageState) => screenOf(state, MESSAGES.en);
const ready = (parts: Partial<PageSession> = {}) => shown({ name: 'ready', session: makeSession(parts) });
const capturing = {
  name: 'capturing',
  session: makeSession(),
  attempt: 1,
  takesLong: false,
  hadNoWeights: false,
} as const;
const wordsOf = (state: PageState) => JSON.stringify(shown(state));

describe('the question', () => {
  it('is quoted as it is, with who asks', () => {
    const { blocks } = ready({ action_description: '<b>Pay</b>' });
    expect(blocks).toContainEqual({ kind: 'quote', text: '<b>Pay</b>' });
    expect(JSON.stringify(blocks)).toContain('Acme Bank asks you to confirm:');
  });

  it('offers a choice only where there is one', () => {
    const kinds = (parts: Partial<PageSession>) => ready(parts).blocks.map(({ kind }) => kind);
    expect(kinds({ asks_consent: true })).toContain('consent');
    expect(kinds({})).not.toContain('consent');
    expect(kinds({ asks_consent: true, attempts: 1 })).not.toContain('consent');
  });

  it('says how to go on without, or that it does not', () => {
    const { free, needed } = MESSAGES.en.consent;
    expect(JSON.stringify(ready({ asks_consent: true }))).toContain(free);
    const required = JSON.stringify(ready({ asks_consent: true, require_user_match: true }));
    expect(required).toContain(needed('Acme Bank'));
    expect(required).not.toContain(free);
  });

  it.each([
    ['before there is anything to choose', {}, 'nothing'],
    ['while the choice is below', { asks_consent: true }, 'asked'],
    ['before a choice that was given and may be changed', { asks_consent: true, consent: 'given' }, 'asked'],
    ['after the person agreed', { asks_consent: true, attempts: 1, consent: 'given' }, 'agreed'],
    ['after the person refused', { asks_consent: true, attempts: 1, consent: 'refused' }, 'nothing'],
  ] as const)('says what is kept of the face as it is: %s', (_, parts, face) => {
    const { items, heading } = MESSAGES.en.kept;
    expect(ready(parts).blocks).toContainEqual(expect.objectContaining({ heading, items: items('Acme Bank', face) }));
    expect(new Set((['nothing', 'asked', 'agreed'] as const).map((each) => items('Acme Bank', each).at(-1))).size).toBe(
      3,
    );
  });

  it('counts attempts from the second on', () => {
    expect(JSON.stringify(ready({ attempts: 0 }))).not.toContain('Attempt');
    expect(JSON.stringify(ready({ attempts: 1 }))).toContain('Attempt 2 of 3.');
  });
});

describe('the camera', () => {
  it.each(['starting', 'searching', 'capturing'] as const)('can be stopped while %s', (phase) => {
    const screen = shown({ ...capturing, phase });
    expect([screen.showsCapture, screen.buttons.map(({ press }) => press.kind)]).toEqual([true, ['stop_pressed']]);
  });

  it('is only shown while it is used', () => {
    const session = makeSession();
    expect(shown({ ...capturing, phase: 'sending' }).buttons).toEqual([]);
    expect(shown({ name: 'settling', session, attempt: 1, advice: [], isOurs: true }).showsCapture).toBe(false);
  });

  it('lets go whoever waits too long for a verdict', () => {
    const screen = shown({ ...capturing, phase: 'sending', takesLong: true });
    expect(screen.buttons.map(({ press }) => press.kind)).toEqual(['stop_pressed']);
    expect(JSON.stringify(screen.blocks)).toContain(MESSAGES.en.capturing.takesLong);
  });
});

describe('an end', () => {
  const ended = (parts: Partial<PageSession>, isOurs = true): PageState => ({
    name: 'ended',
    session: makeSession(parts),
    isOurs,
    advice: ['Come closer to the camera.'],
  });

  it.each([
    [ended({ state: 'completed' }), 'good', 'Confirmed'],
    [ended({ state: 'completed' }, false), 'good', 'Already confirmed'],
    [ended({ state: 'failed', failure_reason: 'not_live' }), 'sorry', 'Not confirmed'],
    [ended({ state: 'failed', failure_reason: 'user_mismatch' }), 'sorry', 'Not confirmed'],
    [ended({ state: 'expired' }), 'sorry', 'This link has expired'],
    [ended({ state: 'cancelled' }), 'calm', 'No longer needed'],
  ] as const)('is told as what it is, with nothing left to press', (state, tone, heading) => {
    expect(shown(state)).toMatchObject({ tone, heading, buttons: [] });
  });

  it('says what helps to whom it may help', () => {
    const closer = 'Come closer to the camera.';
    expect(wordsOf(ended({ state: 'failed', failure_reason: 'not_live' }))).toContain(closer);
    expect(wordsOf(ended({ state: 'failed', failure_reason: 'user_mismatch' }))).not.toContain(closer);
    expect(wordsOf(ended({ state: 'failed', failure_reason: 'not_live' }, false))).not.toContain(closer);
  });

  it('tells whom to turn to, where it was not this page that confirmed', () => {
    expect(wordsOf(ended({ state: 'completed' }, false))).toContain('If it was not you, tell Acme Bank.');
    expect(wordsOf(ended({ state: 'completed' }, false))).not.toContain('it was you');
    expect(wordsOf(ended({ state: 'completed' }))).toContain('it was you');
  });

  it('does not say confirmed of anything but a completed session', () => {
    for (const state of ['failed', 'expired', 'cancelled'] as const) {
      expect(shown(ended({ state })).tone).not.toBe('good');
    }
  });
});

describe('a fault', () => {
  it('has a button exactly where trying again can help', () => {
    const fault = { name: 'fault', fault: 'rate_limited', session: null, resumes: false } as const;
    const retry = { kind: 'reload' } as const;
    expect(shown({ ...fault, retry: null, retryAfterSeconds: null }).buttons).toEqual([]);
    expect(shown({ ...fault, retry, retryAfterSeconds: 12 }).buttons).toMatchObject([
      { press: { kind: 'retry_pressed' }, waitSeconds: 12 },
    ]);
  });

  it('promises to go on by itself only where it does', () => {
    const offline = { name: 'fault', fault: 'offline', session: null, retry: null, retryAfterSeconds: null } as const;
    for (const resumes of [true, false]) {
      expect(wordsOf({ ...offline, resumes }).includes(MESSAGES.en.resumes)).toBe(resumes);
    }
    for (const { faults } of Object.values(MESSAGES)) {
      expect(JSON.stringify(faults.offline)).not.toMatch(/by itself|por sí solo/);
    }
  });

  it('gives general advice where the check has none', () => {
    const state = { name: 'not_confirmed', session: makeSession({ attempts: 1 }), cause: 'not_live' } as const;
    expect(wordsOf({ ...state, advice: [] })).toContain(MESSAGES.en.notConfirmed.advice[0]);
    expect(wordsOf({ ...state, advice: ['Come closer to the camera.'] })).not.toContain(
      MESSAGES.en.notConfirmed.advice[0],
    );
  });
});
