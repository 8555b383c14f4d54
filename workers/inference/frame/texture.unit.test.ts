import { expect, test, vi } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import type { Networks } from './networks.ts';
import { marginsOfView } from './texture.ts';

const BOUNDS = { x: 0, y: 0, width: 40, height: 40 };
const picture = paintedPicture(40, 40, () => [200, 100, 50]);

const marginsOf = async (logits: number[], recapture: number) =>
  await marginsOfView(picture, BOUNDS, BOUNDS, {
    judgeTexture: async () => ({ liveness: Float32Array.from(logits), recapture }),
  });
const marginOf = async (...logits: number[]) => (await marginsOf(logits, 0)).liveness;

test('the network is fed blue first, 0 to 255: with red first it is near useless', async () => {
  const judgeTexture = vi.fn<Networks['judgeTexture']>(async () => ({
    liveness: Float32Array.of(0, 0, 0),
    recapture: 0,
  }));
  await marginsOfView(picture, BOUNDS, BOUNDS, { judgeTexture });
  const [input = new Float32Array()] = judgeTexture.mock.calls[0] ?? [];
  const plane = 128 * 128;
  expect(input).toHaveLength(3 * plane);
  const ends = [0, plane - 1, plane, 2 * plane - 1, 2 * plane, 3 * plane - 1];
  expect(ends.map((at) => Math.round(input[at] ?? 0))).toEqual([50, 50, 100, 100, 200, 200]);
});

test('a region beyond the bounds is continued, not black', async () => {
  const judgeTexture = vi.fn<Networks['judgeTexture']>(async () => ({
    liveness: Float32Array.of(0, 0, 0),
    recapture: 0,
  }));
  await marginsOfView(picture, { x: -30, y: -30, width: 100, height: 100 }, BOUNDS, { judgeTexture });
  const [input = new Float32Array()] = judgeTexture.mock.calls[0] ?? [];
  expect(Math.round(input.reduce((least, value) => Math.min(least, value), 255))).toBe(50);
});

test('log-odds of live against both kinds of attack together', async () => {
  // p = e^2 / (e^2 + e^1 + e^0): its log-odds, by the definition.
  const p = Math.exp(2) / (Math.exp(2) + Math.exp(1) + 1);
  expect(await marginOf(2, 1, 0)).toBeCloseTo(Math.log(p / (1 - p)), 5);
  expect(await marginOf(0, 0, 0)).toBeCloseTo(-Math.log(2), 5);
});

test('the order of the attacks does not matter, and large logits do not overflow', async () => {
  expect(await marginOf(1, 3, -2)).toBe(await marginOf(1, -2, 3));
  expect(await marginOf(1002, 1001, 1000)).toBeCloseTo(await marginOf(2, 1, 0), 3);
});

test('how sure it is beyond 8 does not count', async () => {
  expect(await marginOf(30, -5, -5)).toBe(8);
  expect(await marginOf(-5, 30, 4)).toBe(-8);
  expect(await marginOf(7.5, 0, -40)).toBeCloseTo(7.5, 5);
});

test('our network answers with log-odds, which are held at 8 as well', async () => {
  const recaptures = await Promise.all(
    [0.5, 9, -30].map(async (given) => (await marginsOf([0, 0, 0], given)).recapture),
  );
  expect(recaptures).toEqual([0.5, 8, -8]);
  expect((await marginsOf([0, 0, 0], Number.NaN)).recapture).toBeNaN();
});

test('an answer that is no number stays none, for the verdict to refuse', async () => {
  expect(await marginOf(Number.NaN, 0, 0)).toBeNaN();
});
