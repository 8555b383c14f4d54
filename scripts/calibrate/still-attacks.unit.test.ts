import { expect, test } from 'vitest';
import { seededRandom } from '../../shared/testing/seeded-random.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { paintedPicture } from '../../workers/inference/testing/painted-picture.ts';
import { animateStill, STILL_ATTACKS, type StillAttack } from './still-attacks.ts';

const random = seededRandom(9);
/** Blocks of colour, so that any motion shows. */
const colours = Array.from({ length: 64 }, () => [random() * 255, random() * 255, random() * 255] as const);
const still = paintedPicture(64, 48, (x, y) => colours[(x >> 3) + 8 * (y >> 3)] ?? [0, 0, 0]);
const SECONDS = [0, 0.4, 0.8];
const ATTACKS = Object.keys(STILL_ATTACKS).filter((name): name is StillAttack => name in STILL_ATTACKS);

async function framesOf(attack: StillAttack, seed: number): Promise<RgbaPicture[]> {
  const frames: RgbaPicture[] = [];
  for await (const frame of animateStill(still, attack, SECONDS, seed)) frames.push(frame);
  return frames;
}

const same = (a: RgbaPicture | undefined, b: RgbaPicture | undefined) =>
  Buffer.compare(a?.data ?? new Uint8Array(), b?.data ?? new Uint8Array(1)) === 0;

test.each(ATTACKS)('%s: pictures of the same size, opaque, the same again for the same seed', async (attack) => {
  const [once, again] = [await framesOf(attack, 5), await framesOf(attack, 5)];
  expect(once).toHaveLength(SECONDS.length);
  for (const [i, frame] of once.entries()) {
    expect(frame).toMatchObject({ width: 64, height: 48 });
    expect(frame.data.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
    expect(same(frame, again[i])).toBe(true);
  }
});

test('frozen is one picture, whatever the time and the seed', async () => {
  const [first, second, third] = await framesOf('frozen', 5);
  const [other] = await framesOf('frozen', 6);
  expect([same(first, second), same(first, third), same(first, other)]).toEqual([true, true, true]);
  // Cut to what is shown of the still, not blank.
  expect(same(first, still)).toBe(false);
  expect(new Set(first?.data).size).toBeGreaterThan(50);
});

test.each(ATTACKS.filter((attack) => attack !== 'frozen'))(
  '%s: each frame differs, and so does each seed',
  async (attack) => {
    const [first, second, third] = await framesOf(attack, 5);
    const [other] = await framesOf(attack, 6);
    expect([same(first, second), same(second, third), same(first, other)]).toEqual([false, false, false]);
  },
);

test('light alone changes no place: dark stays darker than bright', async () => {
  const halves = paintedPicture(64, 48, (x) => (x < 32 ? [60, 60, 60] : [160, 160, 160]));
  for await (const { data } of animateStill(halves, 'flickering', SECONDS, 3)) {
    const row = (x: number) => data[(24 * 64 + x) * 4] ?? 0;
    expect(row(20)).toBeLessThan(row(44) - 40);
  }
});
