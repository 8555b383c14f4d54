import { expect, test } from 'vitest';
import { announce, NOTHING_SAID } from './announcer.ts';

test('the first text is said at once', () => {
  expect(announce(NOTHING_SAID, 'Come closer.', 10)).toEqual({
    now: { said: 'Come closer.', saidAtMs: 10 },
    againInMs: null,
  });
});

test('another text waits for its turn', () => {
  const { now } = announce(NOTHING_SAID, 'Come closer.', 1000);
  const early = announce(now, 'Too dark.', 1600);
  expect(early).toEqual({ now, againInMs: 900 });
  expect(announce(early.now, 'Too dark.', 2500)).toMatchObject({ now: { said: 'Too dark.' }, againInMs: null });
});

test('the same text is not said again, and what is over before its turn is not said at all', () => {
  const { now } = announce(NOTHING_SAID, 'Come closer.', 0);
  expect(announce(now, 'Come closer.', 9000)).toEqual({ now, againInMs: null });
  announce(now, 'Too dark.', 500);
  expect(announce(now, 'Come closer.', 1500)).toEqual({ now, againInMs: null });
});
