import { describe, expect, it } from 'vitest';
import {
  AGREE,
  apiFailed,
  begun,
  CAPTURING,
  eventsOf,
  failed,
  ONLINE,
  OPENED,
  play,
  RESULT,
  RETRY,
  read,
  SENDING,
  START,
  TIME_IS_UP,
} from './testing/play-page.ts';

describe('opening', () => {
  it('reads the session and tells the trail', () => {
    const { state, effects } = play(OPENED);
    expect(state).toEqual({ name: 'opening' });
    expect(effects.map(({ kind }) => kind)).toEqual(['read_session', 'record']);
    expect(eventsOf(effects)).toEqual(['page_opened']);
  });

  it.each([
    [{ link: null }, 'link_incomplete'],
    [{ isSecure: false }, 'insecure'],
    [{ isSupported: false }, 'not_supported'],
    [{ link: null, isSecure: false, isSupported: false }, 'link_incomplete'],
  ] as const)('asks nobody anything with %o', (parts, fault) => {
    const { state, effects } = play({ ...OPENED, ...parts });
    expect(state).toMatchObject({ name: 'fault', fault, retry: null });
    expect(effects).toEqual([]);
  });

  it.each(['pending', 'in_progress'] as const)('is ready for a session that is %s', (state) => {
    expect(play(OPENED, read({ state })).state).toMatchObject({ name: 'ready' });
  });

  it.each(['completed', 'failed', 'expired', 'cancelled'] as const)('ends at one that is %s', (state) => {
    expect(play(OPENED, read({ state })).state).toMatchObject({ name: 'ended', isOurs: false });
    expect(play(OPENED, read({ state }), START).effects.map(({ kind }) => kind)).not.toContain('begin');
  });

  it.each(['link_invalid', 'link_expired'] as const)('offers no second try for %s', (fault) => {
    expect(play(OPENED, apiFailed(fault)).state).toMatchObject({ name: 'fault', fault, retry: null });
  });

  it.each(['offline', 'server_error', 'rate_limited', 'unavailable'] as const)('reads again after %s', (fault) => {
    const { state, last } = play(OPENED, apiFailed(fault), RETRY);
    expect(state).toEqual({ name: 'opening' });
    expect(last[0]).toEqual({ kind: 'read_session' });
  });

  it('goes on by itself with the connection, and only where that was missing', () => {
    expect(play(OPENED, apiFailed('offline'), ONLINE).state).toEqual({ name: 'opening' });
    expect(play(OPENED, apiFailed('server_error'), ONLINE).state).toMatchObject({ fault: 'server_error' });
  });

  it('promises to go on by itself only where the browser will notice', () => {
    expect(play(OPENED, apiFailed('offline')).state).toMatchObject({ resumes: true });
    expect(play(OPENED, apiFailed('offline', { isOnline: true })).state).toMatchObject({ resumes: false });
    expect(play(OPENED, apiFailed('server_error')).state).toMatchObject({ resumes: false });
  });
});

describe('beginning', () => {
  it('is written down before the camera is asked for', () => {
    const before = play(OPENED, read(), START);
    expect(before.state).toMatchObject({ name: 'beginning' });
    expect(eventsOf(before.last)).toEqual(['capture_started']);
    expect(play(OPENED, read(), START, begun()).last).toEqual([{ kind: 'start_capture', attempt: 1, frames: 10 }]);
  });

  it('does not start twice when the button is pressed twice', () => {
    expect(play(OPENED, read(), START, START).last).toEqual([]);
    expect(play(...CAPTURING, begun()).last).toEqual([]);
  });

  it.each([
    [AGREE, 'consent_given'],
    [START, 'consent_refused'],
  ] as const)('tells the answer of the person first', (event, record) => {
    expect(eventsOf(play(OPENED, read({ asks_consent: true }), event).last)).toEqual([record, 'capture_started']);
  });

  it('asks nobody who has nothing to be recognised by, nor anybody twice', () => {
    expect(eventsOf(play(OPENED, read(), AGREE).last)).toEqual(['capture_started']);
    const second = read({ asks_consent: true, attempts: 1, state: 'in_progress' });
    expect(eventsOf(play(OPENED, second, AGREE).last)).toEqual(['capture_started']);
  });

  it('waits for an agreement that is required', () => {
    const required = read({ asks_consent: true, require_user_match: true });
    const { state, last } = play(OPENED, required, START);
    expect(state).toMatchObject({ name: 'ready' });
    expect(last).toEqual([{ kind: 'ask_consent' }]);
    expect(play(OPENED, required, START, START).last).toEqual([{ kind: 'ask_consent' }]);
    expect(eventsOf(play(OPENED, required, START, AGREE).last)).toEqual(['consent_given', 'capture_started']);
  });

  it('tells the same answer again after a lost connection', () => {
    const { last } = play(OPENED, read({ asks_consent: true }), AGREE, apiFailed('offline'), RETRY);
    expect(eventsOf(last)).toEqual(['consent_given', 'capture_started']);
  });

  it('leaves the camera off in a session that is over', () => {
    const { state, effects } = play(OPENED, read(), START, begun({ state: 'cancelled' }));
    expect(state).toMatchObject({ name: 'ended' });
    expect(effects.map(({ kind }) => kind)).not.toContain('start_capture');
  });

  it('leaves the camera off when the connection comes back, for nobody may be looking', () => {
    const waiting = [OPENED, read(), START, apiFailed('offline')];
    expect(play(...waiting).state).toMatchObject({ name: 'fault', resumes: false });
    expect(play(...waiting, ONLINE)).toMatchObject({ state: { name: 'fault', fault: 'offline' }, last: [] });
    expect(eventsOf(play(...waiting, RETRY).last)).toEqual(['capture_started']);
  });
});

describe('time', () => {
  it('is asked of the server, which has the last word', () => {
    for (const events of [[OPENED, read()], CAPTURING]) {
      expect(play(...events, TIME_IS_UP).last).toEqual([{ kind: 'read_session' }]);
      expect(play(...events, TIME_IS_UP, read({ state: 'expired' })).state).toMatchObject({ name: 'ended' });
      expect(play(...events, TIME_IS_UP, read({ state: 'in_progress' })).state.name).toBe(play(...events).state.name);
      expect(play(...events, TIME_IS_UP, apiFailed('offline')).state.name).toBe(play(...events).state.name);
      expect(play(...events, TIME_IS_UP, apiFailed('link_expired')).state).toMatchObject({ fault: 'link_expired' });
    }
  });

  it('cuts off nothing that is on its way', () => {
    const sending = [...CAPTURING, SENDING];
    expect(play(...sending, TIME_IS_UP).last).toEqual([]);
    for (const late of [read({ state: 'expired' }), apiFailed('link_expired')]) {
      expect(play(...sending, late).state).toMatchObject({ name: 'capturing', phase: 'sending' });
    }
  });

  it('changes nothing after the end', () => {
    const ended = [OPENED, read({ state: 'completed' })];
    for (const event of [TIME_IS_UP, START, RETRY, ONLINE, RESULT, read(), apiFailed('offline')]) {
      expect(play(...ended, event)).toMatchObject({ state: { name: 'ended' }, last: [] });
    }
  });
});

describe('a page that did not load completely', () => {
  it('can be loaded again', () => {
    const { state, last } = play(OPENED, read(), { kind: 'script_failed' }, RETRY);
    expect(state).toMatchObject({ name: 'fault', fault: 'script_failed' });
    expect(last).toEqual([{ kind: 'reload' }]);
  });

  it('leaves an end as it is', () => {
    const { state } = play(OPENED, read({ state: 'completed' }), { kind: 'script_failed' });
    expect(state).toMatchObject({ name: 'ended' });
  });

  it('keeps a missing element from what arrives later', () => {
    expect(play(OPENED, { kind: 'script_failed' }, read()).state).toMatchObject({ fault: 'script_failed' });
  });
});

describe('a session that was confirmed elsewhere', () => {
  const COMPLETED = { state: 'completed', attempts: 1, verdict: 'live' } as const;

  it.each([
    ['before', [OPENED, read(COMPLETED)]],
    ['while the question was read', [OPENED, read(), TIME_IS_UP, read(COMPLETED)]],
    ['before Start', [OPENED, read(), START, begun(COMPLETED)]],
    ['while the face was filmed', [...CAPTURING, TIME_IS_UP, read(COMPLETED)]],
    ['before our recording came', [...CAPTURING, SENDING, failed('session_closed'), read(COMPLETED)]],
    ['with another recording', [...CAPTURING, SENDING, failed('session_conflict'), read(COMPLETED)]],
    ['after our recording failed', [...CAPTURING, RESULT, read({ ...COMPLETED, attempts: 2 })]],
    [
      'with another recording, read late',
      [...CAPTURING, failed('session_conflict'), apiFailed('offline'), RETRY, read(COMPLETED)],
    ],
  ] as const)('is not told to have been confirmed here: %s', (_, events) => {
    expect(play(...events).state).toMatchObject({ name: 'ended', isOurs: false });
  });

  it('is told so of our own recording only', () => {
    expect(play(...CAPTURING, RESULT, read(COMPLETED)).state).toMatchObject({ name: 'ended', isOurs: true });
    const late = play(...CAPTURING, RESULT, apiFailed('offline'), RETRY, read(COMPLETED));
    expect(late.state).toMatchObject({ name: 'ended', isOurs: true });
  });
});
