import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { concat, filterRow } from './testing/build-png.ts';
import { unfilter } from './unfilter.ts';

const ROW_PIXELS = 40;
const random = seededRandom(1);

/** Small differences, ties among them, and jumps: what decides between the three neighbours of Paeth. */
const row = (bytes: number) => Array.from({ length: bytes }, () => Math.floor(random() * (random() < 0.5 ? 4 : 256)));

test.each([
  [3, [1, 2, 3, 4, 0]],
  [4, [1, 2, 3, 4, 0]],
  [3, [3, 4, 4, 1, 2]],
  [4, [4, 3, 3, 2, 4]],
  [4, [2, 4, 0, 3, 1]],
])('brings back what the filters of the standard hid: %i bytes a pixel, %j', (pixelBytes, filters) => {
  const rowBytes = ROW_PIXELS * pixelBytes;
  const original = Array.from({ length: 50 }, () => row(rowBytes));
  const numbers = original.map((_row, y) => filters[y % filters.length] ?? 0);
  const filtered = concat(
    original.map((bytes, y) => [
      numbers[y] ?? 0,
      ...filterRow(numbers[y] ?? 0, bytes, original[y - 1] ?? null, pixelBytes),
    ]),
  );
  unfilter(filtered, rowBytes, pixelBytes);
  expect(filtered).toEqual(concat(original.map((bytes, y) => [numbers[y] ?? 0, ...bytes])));
});

test('every choice that Paeth can have, by the definition', () => {
  // One pixel of one byte: corner and up in the row above, then left, then the byte to tell.
  const wrong: string[] = [];
  for (let left = 0; left < 256; left += 3)
    for (let up = 0; up < 256; up += 3)
      for (let corner = 0; corner < 256; corner += 3) {
        const rows = new Uint8Array([0, corner, up, 4, left - corner, 0]);
        unfilter(rows, 2, 1);
        const [expected = 0] = filterRow(4, [left, 0], [corner, up], 1).slice(1);
        if (rows[5] !== ((256 - expected) & 255)) wrong.push(`${left} ${up} ${corner}`);
      }
  expect(wrong).toEqual([]);
});

test('a number that is no filter is refused', () => {
  expect(() => unfilter(new Uint8Array([5, 1, 2, 3]), 3, 3)).toThrow('filter');
});
