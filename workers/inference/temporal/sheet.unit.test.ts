import { expect, test } from 'vitest';
import type { BlockMotion } from './block-motion.ts';
import { fitSheet } from './sheet.ts';

const SIDE = 113;
/** Pixels of a step of 1. */
const HALF = 56;

function blocks(motion: (x: number, y: number) => readonly [number, number], weight = 1): BlockMotion[] {
  const places = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75];
  return places.flatMap((y) =>
    places.map((x) => {
      const [dx, dy] = motion(x, y);
      return { x, y, dx, dy, weight };
    }),
  );
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));

test('a bent sheet is found, in shares of half the side', () => {
  const sheet = fitSheet(
    blocks((x, y) => [HALF * (0.01 + 0.02 * x * x), HALF * (0.03 * x * y - 0.01 * y * y)]),
    SIDE,
    null,
  );
  expect([...sheet.x]).toEqual(near([0.01, 0, 0, 0.02, 0, 0]));
  expect([...sheet.y]).toEqual(near([0, 0, 0, 0, 0.03, -0.01]));
});

test('what is found is added to what was known', () => {
  const first = fitSheet(
    blocks((x) => [HALF * 0.02 * x * x, 0]),
    SIDE,
    null,
  );
  const second = fitSheet(
    blocks((_, y) => [HALF * 0.01 * y, 0]),
    SIDE,
    first,
  );
  expect([...second.x]).toEqual(near([0, 0, 0.01, 0.02, 0, 0]));
  expect([...first.x]).toEqual(near([0, 0, 0, 0.02, 0, 0]));
});

test('blocks without contrast have no say', () => {
  const sure = blocks((x) => [HALF * 0.02 * x * x, 0]);
  const unsure = blocks(() => [9, 9], 1e-6);
  expect([...fitSheet([...sure, ...unsure], SIDE, null).x]).toEqual(near([0, 0, 0, 0.02, 0, 0]));
});

test('no sheet follows a mouth', () => {
  const mouth = blocks((x, y) => [0, x === 0 && y === 0.5 ? 4 : 0]);
  const sheet = fitSheet(mouth, SIDE, null);
  const atMouth = HALF * ((sheet.y[0] ?? 0) + 0.5 * (sheet.y[2] ?? 0) + 0.25 * (sheet.y[5] ?? 0));
  expect(Math.abs(atMouth)).toBeLessThan(0.6);
});

test('without blocks it is flat', () => {
  expect(fitSheet([], SIDE, null)).toEqual({ x: new Float64Array(6), y: new Float64Array(6) });
});
