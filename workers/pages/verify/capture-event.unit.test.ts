import { expect, it } from 'vitest';
import { captureEventOf } from './capture-event.ts';

const eventOf = (type: string, detail: unknown) => captureEventOf(type, detail, true);

it.each(['starting', 'searching', 'capturing', 'sending'])('hears that the element is %s', (state) => {
  expect(eventOf('liveness-state', { state })).toEqual({ kind: 'capture_phase', phase: state });
});

it.each([{ state: 'idle' }, { state: 'done' }, { state: 'failed' }, { state: 4 }, {}, null])(
  'makes nothing of %o',
  (detail) => {
    expect(eventOf('liveness-state', detail)).toBeNull();
  },
);

it('takes advice that is text, and leaves the verdict to the server', () => {
  const detail = { verdict: 'live', advice: ['Come closer.', 4, null] };
  expect(eventOf('liveness-result', detail)).toEqual({ kind: 'capture_result', advice: ['Come closer.'] });
  expect(eventOf('liveness-result', {})).toEqual({ kind: 'capture_result', advice: [] });
});

it('knows the codes of the element, and falls back where it does not', () => {
  const failureOf = (detail: unknown) => eventOf('liveness-error', detail);
  expect(failureOf({ code: 'camera_busy' })).toEqual({
    kind: 'capture_failed',
    failure: 'camera_busy',
    retryAfterSeconds: null,
    isOnline: true,
  });
  for (const detail of [{ code: 'new_one' }, { code: 'toString' }, {}, null]) {
    expect(failureOf(detail)).toMatchObject({ kind: 'capture_failed', failure: 'weights_failed' });
  }
});

it('hands on how long the service wants to be left alone, and whether there is a line', () => {
  const detail = { code: 'rate_limited', retry_after: 12 };
  expect(captureEventOf('liveness-error', detail, false)).toMatchObject({ retryAfterSeconds: 12, isOnline: false });
  expect(eventOf('liveness-error', { ...detail, retry_after: '12' })).toMatchObject({ retryAfterSeconds: null });
});

it('does not hear what it does not know', () => {
  expect(eventOf('liveness-hint', { hint: 'too_dark', text: '' })).toBeNull();
});
