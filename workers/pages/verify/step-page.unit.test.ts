import { describe, expect, it } from 'vitest';
import type { PageSession } from './page-session.ts';
import type { CaptureFailure, Effect, PageEvent, PageState } from './page-state.ts';
import { stepPage } from './step-page.ts';
import { makeSession } from './testing/make-session.ts';

const LINK = { sessionId: 'a', token: 'vst_b' };
const OPENED: PageEvent = { kind: 'opened', link: LINK, isSecure: true, isSupported: true };
const NOTHING: Effect[] = [];

/** From the beginning, through these events: the last state and every effect on the way. */
function play(...events: PageEvent[]): { state: PageState; effects: Effect[]; last: Effect[] } {
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

const read = (parts: Partial<PageSession> = {}): PageEvent => ({ kind: 'session_read', session: makeSession(parts) });
const begun = (parts: Partial<PageSession> = {}): PageEvent => ({
  kind: 'begun',
  session: makeSession({ state: 'in_progress', ...parts }),
});
const apiFailed = (fault: Extract<PageEvent, { kind: 'api_failed' }>['fault']): PageEvent => ({
  kind: 'api_failed',
  fault,
  retryAfterSeconds: null,
});
const failed = (failure: CaptureFailure): PageEvent => ({ kind: 'capture_failed', failure });
const START: PageEvent = { kind: 'start_pressed', agrees: false };
const AGREE: PageEvent = { kind: 'start_pressed', agrees: true };
const RETRY: PageEvent = { kind: 'retry_pressed' };
const ONLINE: PageEvent = { kind: 'came_online' };
const TIME_IS_UP: PageEvent = { kind: 'time_is_up' };
const SENDING: PageEvent = { kind: 'capture_phase', phase: 'sending' };
const RESULT: PageEvent = { kind: 'capture_result', advice: ['Come closer to the camera.'] };

const CAPTURING = [OPENED, read(), START, begun()];
const eventsOf = (effects: Effect[]) =>
  effects.flatMap((effect) => {
    if (effect.kind === 'record') return [effect.record.event];
    return effect.kind === 'begin' ? effect.records.map(({ event }) => event) : [];
  });

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
    expect(effects).toEqual(NOTHING);
  });

  it.each(['pending', 'in_progress'] as const)('is ready for a session that is %s', (state) => {
    expect(play(OPENED, read({ state })).state).toMatchObject({ name: 'ready', lacksConsent: false });
  });

  it.each(['completed', 'failed', 'expired', 'cancelled'] as const)('ends at one that is %s', (state) => {
    expect(play(OPENED, read({ state })).state).toMatchObject({ name: 'ended', wasOpen: false });
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
});

describe('beginning', () => {
  it('is written down before the camera is asked for', () => {
    const before = play(OPENED, read(), START);
    expect(before.state).toMatchObject({ name: 'beginning' });
    expect(eventsOf(before.last)).toEqual(['capture_started']);
    expect(play(OPENED, read(), START, begun()).last).toEqual([{ kind: 'start_capture', attempt: 1, frames: 10 }]);
  });

  it('does not start twice when the button is pressed twice', () => {
    expect(play(OPENED, read(), START, START).last).toEqual(NOTHING);
    expect(play(...CAPTURING, begun()).last).toEqual(NOTHING);
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
    expect(state).toMatchObject({ name: 'ready', lacksConsent: true });
    expect(last).toEqual(NOTHING);
    expect(eventsOf(play(OPENED, required, START, AGREE).last)).toEqual(['consent_given', 'capture_started']);
  });

  it('tells the same answer again after a lost connection', () => {
    const { last } = play(OPENED, read({ asks_consent: true }), AGREE, apiFailed('offline'), RETRY);
    expect(eventsOf(last)).toEqual(['consent_given', 'capture_started']);
  });

  it('leaves the camera off in a session that is over', () => {
    const { state, effects } = play(OPENED, read(), START, begun({ state: 'cancelled' }));
    expect(state).toMatchObject({ name: 'ended', wasOpen: true });
    expect(effects.map(({ kind }) => kind)).not.toContain('start_capture');
  });
});

describe('capturing', () => {
  it('stops when asked to, and can begin again', () => {
    const { state, last } = play(...CAPTURING, { kind: 'stop_pressed' });
    expect(state).toMatchObject({ name: 'ready' });
    expect([last[0], eventsOf(last)]).toEqual([{ kind: 'end_capture' }, ['capture_interrupted']]);
  });

  it('hears the element only while it runs', () => {
    for (const event of [SENDING, RESULT, failed('network')]) {
      expect(play(OPENED, read(), event)).toMatchObject({ state: { name: 'ready' }, last: [] });
    }
  });

  it('takes the verdict from the session, not from the element', () => {
    const { state, last } = play(...CAPTURING, SENDING, RESULT);
    expect(state).toMatchObject({ name: 'settling', attempt: 1 });
    expect(last.map(({ kind }) => kind)).toEqual(['end_capture', 'record', 'read_session']);
    const told = [...CAPTURING, RESULT];
    expect(play(...told, read({ state: 'completed', attempts: 1, verdict: 'live' })).state).toMatchObject({
      name: 'ended',
      wasOpen: true,
    });
    expect(play(...told, read({ attempts: 1, verdict: 'fake', state: 'in_progress' })).state).toMatchObject({
      name: 'not_confirmed',
      cause: 'not_live',
      advice: ['Come closer to the camera.'],
    });
    expect(play(...told, read({ attempts: 1, verdict: 'live', state: 'in_progress' })).state).toMatchObject({
      name: 'not_confirmed',
      cause: 'not_recognised',
    });
  });

  it('sends no second recording before the first has its verdict', () => {
    const { state } = play(...CAPTURING, RESULT, read({ attempts: 0, state: 'in_progress' }));
    expect(state).toMatchObject({ name: 'fault', fault: 'server_error', retry: { kind: 'read', attempt: 1 } });
    expect(play(...CAPTURING, RESULT, apiFailed('offline'), ONLINE).state).toMatchObject({
      name: 'settling',
      attempt: 1,
      advice: ['Come closer to the camera.'],
    });
  });

  it('counts the next attempt on', () => {
    const once = { attempts: 1, verdict: 'fake', state: 'in_progress' } as const;
    const { last, effects } = play(...CAPTURING, RESULT, read(once), START, begun(once));
    expect(last).toEqual([{ kind: 'start_capture', attempt: 2, frames: 10 }]);
    expect(eventsOf(effects).filter((event) => event === 'capture_started')).toHaveLength(2);
  });

  it('sends the same recording again when the way was cut off', () => {
    const lost = play(...CAPTURING, SENDING, failed('network'));
    expect(lost.state).toMatchObject({ name: 'fault', fault: 'offline', retry: { kind: 'resend', attempt: 1 } });
    expect(lost.last).toEqual(NOTHING);
    for (const event of [RETRY, ONLINE]) {
      const again = play(...CAPTURING, SENDING, failed('network'), event);
      expect(again.state).toMatchObject({ name: 'capturing', phase: 'sending' });
      expect(again.last).toEqual([{ kind: 'resend_capture' }]);
    }
  });

  it.each([
    ['camera_denied', 'camera_denied', 'begin'],
    ['camera_missing', 'camera_missing', 'begin'],
    ['camera_busy', 'camera_busy', 'begin'],
    ['weights_failed', 'weights_failed', 'begin'],
    ['rejected', 'rejected', 'begin'],
    ['not_supported', 'not_supported', undefined],
    ['token_expired', 'link_expired', undefined],
    ['unauthorised', 'link_invalid', undefined],
  ] as const)('ends with the camera off when it fails with %s', (failure, fault, retry) => {
    const { state, last } = play(...CAPTURING, failed(failure));
    expect(state).toMatchObject({ name: 'fault', fault });
    expect(state.name === 'fault' && state.retry?.kind).toBe(retry);
    expect(last[0]).toEqual({ kind: 'end_capture' });
  });

  it('asks for the camera again after it was denied, with the attempt that was not used', () => {
    const again = play(...CAPTURING, failed('camera_denied'), RETRY, begun());
    expect(eventsOf(again.effects)).toEqual(['page_opened', 'capture_started', 'camera_denied', 'capture_started']);
    expect(again.last).toEqual([{ kind: 'start_capture', attempt: 1, frames: 10 }]);
  });

  it('reads how a session ended that was closed under it', () => {
    const closed = [...CAPTURING, failed('session_closed')];
    expect(play(...closed).last.map(({ kind }) => kind)).toEqual(['end_capture', 'read_session']);
    expect(play(...closed, read({ state: 'expired' })).state).toMatchObject({ name: 'ended', wasOpen: true });
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
    expect(play(...sending, TIME_IS_UP).last).toEqual(NOTHING);
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
