import { expect, it } from 'vitest';
import { captureEventOf } from './capture-event.ts';

it.each(['starting', 'searching', 'capturing', 'sending'])('hears that the element is %s', (state) => {
  expect(captureEventOf('liveness-state', { state })).toEqual({ kind: 'capture_phase', phase: state });
});

it.each([{ state: 'idle' }, { state: 'done' }, { state: 'failed' }, { state: 4 }, {}, null])(
  'makes nothing of %o',
  (detail) => {
    expect(captureEventOf('liveness-state', detail)).toBeNull();
  },
);

it('takes advice that is text, and leaves the verdict to the server', () => {
  const detail = { verdict: 'live', advice: ['Come closer.', 4, null] };
  expect(captureEventOf('liveness-result', detail)).toEqual({ kind: 'capture_result', advice: ['Come closer.'] });
  expect(captureEventOf('liveness-result', {})).toEqual({ kind: 'capture_result', advice: [] });
});

it('knows the codes of the element, and falls back where it does not', () => {
  const failureOf = (detail: unknown) => captureEventOf('liveness-error', detail);
  expect(failureOf({ code: 'camera_busy' })).toEqual({ kind: 'capture_failed', failure: 'camera_busy' });
  for (const detail of [{ code: 'new_one' }, { code: 'toString' }, {}, null]) {
    expect(failureOf(detail)).toEqual({ kind: 'capture_failed', failure: 'weights_failed' });
  }
});

it('does not hear what it does not know', () => {
  expect(captureEventOf('liveness-hint', { hint: 'too_dark', text: '' })).toBeNull();
});
