import { describe, expect, it } from 'vitest';
import {
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
  STOP,
} from './testing/play-page.ts';

describe('capturing', () => {
  it('stops when asked to, and can begin again', () => {
    const { state, last } = play(...CAPTURING, STOP);
    expect(state).toMatchObject({ name: 'ready' });
    expect([last[0], eventsOf(last)]).toEqual([{ kind: 'end_capture' }, ['capture_interrupted']]);
  });

  it('can be stopped on a line that is too slow, and asks the server what came of it', () => {
    const slow = [...CAPTURING, SENDING, { kind: 'sending_takes_long' } as const];
    expect(play(...slow).state).toMatchObject({ phase: 'sending', takesLong: true });
    const stopped = play(...slow, STOP);
    expect(stopped.state).toEqual({ name: 'opening' });
    expect(stopped.last.map(({ kind }) => kind)).toEqual(['end_capture', 'record', 'read_session']);
    const completed = read({ state: 'completed', attempts: 1, verdict: 'live' });
    expect(play(...slow, STOP, completed).state).toMatchObject({ name: 'ended', isOurs: false });
    expect(play(...slow, failed('network'), RETRY).state).toMatchObject({ phase: 'sending', takesLong: false });
    expect(play(...CAPTURING, { kind: 'sending_takes_long' }).state).toMatchObject({ takesLong: false });
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
    // Not ended: the element still has it.
    expect(lost.last.map(({ kind }) => kind)).toEqual(['record']);
    expect(eventsOf(lost.last)).toEqual(['capture_interrupted']);
    for (const event of [RETRY, ONLINE]) {
      const again = play(...CAPTURING, SENDING, failed('network'), event);
      expect(again.state).toMatchObject({ name: 'capturing', phase: 'sending' });
      expect(again.last).toEqual([{ kind: 'resend_capture' }]);
    }
  });

  it.each([
    ['server_error', 'server_error'],
    ['rate_limited', 'rate_limited'],
    ['unavailable', 'unavailable'],
  ] as const)('says what it was when the recording could not be judged for now: %s', (failure, fault) => {
    const busy = play(...CAPTURING, SENDING, failed(failure, { retryAfterSeconds: 12 }));
    expect(busy.state).toMatchObject({ fault, retry: { kind: 'resend' }, retryAfterSeconds: 12, resumes: false });
    expect(eventsOf(busy.last)).toEqual(['capture_interrupted']);
    const again = play(...CAPTURING, SENDING, failed(failure), RETRY);
    expect(again.last).toEqual([{ kind: 'resend_capture' }]);
  });

  it('promises to send it by itself only where the browser will notice', () => {
    expect(play(...CAPTURING, SENDING, failed('network')).state).toMatchObject({ resumes: true });
    const online = failed('network', { isOnline: true });
    expect(play(...CAPTURING, SENDING, online).state).toMatchObject({ fault: 'offline', resumes: false });
  });

  it('loads the page anew where the weights are missing twice in a row', () => {
    const missing = [...CAPTURING, failed('weights_failed')];
    const twice = [...missing, RETRY, begun(), failed('weights_failed')];
    expect(play(...twice).state).toMatchObject({ fault: 'weights_failed', retry: { kind: 'reload' } });
    expect(play(...twice, RETRY).last).toEqual([{ kind: 'reload' }]);
    const between = [...missing, RETRY, begun(), failed('camera_busy'), RETRY, begun(), failed('weights_failed')];
    expect(play(...between).state).toMatchObject({ retry: { kind: 'begin' } });
    const cutOff = [...missing, RETRY, apiFailed('offline'), RETRY, begun(), failed('weights_failed')];
    expect(play(...cutOff).state).toMatchObject({ retry: { kind: 'reload' } });
  });

  it('asks anew for an agreement that was taken back elsewhere', () => {
    const asked = play(...CAPTURING, SENDING, failed('consent_required'));
    expect(asked.state).toEqual({ name: 'opening' });
    expect(asked.last.map(({ kind }) => kind)).toEqual(['end_capture', 'record', 'read_session']);
    expect(play(...CAPTURING, SENDING, failed('consent_required'), read()).state).toMatchObject({ name: 'ready' });
  });

  it('goes on with the next attempt where another recording was judged', () => {
    const conflict = [...CAPTURING, SENDING, failed('session_conflict')];
    expect(play(...conflict).last.map(({ kind }) => kind)).toEqual(['end_capture', 'record', 'read_session']);
    const judged = read({ attempts: 1, verdict: 'fake', state: 'in_progress' });
    expect(play(...conflict, judged).state).toMatchObject({ name: 'ready', session: { attempts: 1 } });
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
    expect(play(...closed, read({ state: 'expired' })).state).toMatchObject({ name: 'ended' });
  });
});
