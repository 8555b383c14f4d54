import { expect, test } from 'vitest';
import { motionOfBlocks } from './block-motion.ts';
import { slopesOf } from './grey-image.ts';

const SIDE = 112;

/** Waves in both directions, moved to the right and down by so many pixels. */
function waves(right: number, down: number, contrast = 40): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [x, y] = [(at % SIDE) - right, Math.floor(at / SIDE) - down];
    return contrast * (Math.sin(x / 4) + Math.cos(y / 4));
  });
}

function blocksBetween(first: Float32Array, second: Float32Array) {
  const image = { side: SIDE, data: first };
  return motionOfBlocks(image, slopesOf(image), second);
}

test('a picture and itself: no motion, 49 blocks that cover the middle', () => {
  const blocks = blocksBetween(waves(0, 0), waves(0, 0));
  expect(blocks).toHaveLength(49);
  for (const { dx, dy } of blocks) expect([Math.abs(dx), Math.abs(dy)]).toEqual([0, 0]);
  expect([blocks[0]?.x, blocks[0]?.y]).toEqual([-0.75, -0.75]);
  expect([blocks[24]?.x, blocks[24]?.y]).toEqual([0, 0]);
  expect([blocks[48]?.x, blocks[48]?.y]).toEqual([0.75, 0.75]);
});

test.each([
  [0.5, 0],
  [0, 0.5],
  [-0.6, 0.4],
])('a shift by %d, %d is found everywhere, as what puts it right', (right, down) => {
  for (const { dx, dy } of blocksBetween(waves(0, 0), waves(right, down))) {
    expect(Math.abs(dx - right)).toBeLessThan(0.12);
    expect(Math.abs(dy - down)).toBeLessThan(0.12);
  }
});

test('a shift in one block is found in that block', () => {
  const [still, moved] = [waves(0, 0), waves(0.6, 0)];
  const second = still.map((value, at) => {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    return x >= 49 && x < 63 && y >= 49 && y < 63 ? (moved[at] ?? 0) : value;
  });
  const found = blocksBetween(still, second).filter(({ dx }) => Math.abs(dx) > 0.3);
  expect(found.map(({ x, y }) => [x, y])).toEqual([[0, 0]]);
});

test('what has little contrast says little, and weighs little', () => {
  const [strong] = blocksBetween(waves(0, 0), waves(0.5, 0));
  const [faint] = blocksBetween(waves(0, 0, 2), waves(0.5, 0, 2));
  expect(strong?.weight).toBeGreaterThan(0.9);
  expect(faint?.weight).toBeLessThan(0.2);
  expect(Math.abs(faint?.dx ?? 1)).toBeLessThan(0.15);
});

test('a block that is mostly missing is left out', () => {
  const second = waves(0, 0).map((value, at) => (at % SIDE < 40 ? Number.NaN : value));
  const blocks = blocksBetween(waves(0, 0), second);
  // Of the columns of blocks at 7, 21 and 35, the last has 9 of its 14 pixels: too few as well.
  expect(blocks).toHaveLength(28);
  for (const { dx, dy } of blocks) expect(Number.isFinite(dx + dy)).toBe(true);
});
