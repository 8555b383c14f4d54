import { expect, test } from 'vitest';
import { afterFrame, firstHint, type ShownHint, showHint } from './hint-machine.ts';
import type { HintCode } from './hints.ts';

const FRAME_MS = 80;

/** What is shown after each frame. */
function shownAfter(problems: (HintCode | null)[], start: ShownHint = firstHint(0)): (HintCode | null)[] {
  let state = start;
  return problems.map((problem, i) => {
    state = afterFrame(state, problem, (i + 1) * FRAME_MS);
    return state.shown;
  });
}

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

test('a hint is shown once it has applied for a while', () => {
  expect(shownAfter(times(6, 'too_far'))).toEqual([null, null, null, null, null, 'too_far']);
});

test('single frames that are judged otherwise show nothing', () => {
  expect(shownAfter([null, 'no_face', null, 'too_far', null, 'no_face', null, null])).toEqual(times(8, null));
});

test('problems in turn, none of which lasts, do not flicker', () => {
  const inTurn: HintCode[] = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 'too_far' : 'off_centre'));
  expect(new Set(shownAfter(inTurn))).toEqual(new Set([null]));
});

test('what is shown stays long enough to be read, also when all is well before', () => {
  const shown = shownAfter([...times(6, 'too_far' as const), ...times(20, null)]);
  const from = shown.indexOf('too_far');
  const until = shown.lastIndexOf('too_far');
  expect((until - from + 1) * FRAME_MS).toBeGreaterThanOrEqual(1000);
  expect(shown.at(-1)).toBeNull();
});

test('one hint follows another without a gap', () => {
  const shown = shownAfter([...times(15, 'too_far' as const), ...times(15, 'too_dark' as const)]);
  expect(shown.slice(5).every((hint) => hint !== null)).toBe(true);
  expect(shown.at(-1)).toBe('too_dark');
});

test('what has to be told at once is, and stays', () => {
  const state = showHint('no_face', 0);
  expect(state.shown).toBe('no_face');
  expect(shownAfter(times(10, null), state)).toEqual(times(10, 'no_face'));
});
