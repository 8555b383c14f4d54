import { describe, expect, it } from 'vitest';
import { type DisplayMatrix, orientationOf, rotationOf, upright } from './orientation.ts';

/** One letter a pixel, rows apart by a slash. */
function turned(rows: string, matrix: DisplayMatrix): string {
  const lines = rows.split('/');
  const letters = [...lines.join('')].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 255]);
  const picture = { width: lines[0]?.length ?? 0, height: lines.length, rgba: Uint8Array.from(letters) };
  const { width, rgba } = upright(picture, orientationOf(matrix));
  const reds = Array.from({ length: rgba.length / 4 }, (_, index) => String.fromCharCode(rgba[index * 4] ?? 0));
  return Array.from({ length: reds.length / width }, (_, y) => reds.slice(y * width, (y + 1) * width).join('')).join(
    '/',
  );
}
const ONE = 1 << 16;

describe('upright', () => {
  it.each<[name: string, a: number, b: number, c: number, d: number, rows: string, rotation: number]>([
    ['as it is', 1, 0, 0, 1, 'abc/def', 0],
    ['90 clockwise', 0, 1, -1, 0, 'da/eb/fc', 90],
    ['180', -1, 0, 0, -1, 'fed/cba', 180],
    ['270 clockwise', 0, -1, 1, 0, 'cf/be/ad', 270],
    ['mirrored from left to right', -1, 0, 0, 1, 'cba/fed', 0],
    ['mirrored from top to bottom', 1, 0, 0, -1, 'def/abc', 180],
    ['along the diagonal', 0, 1, 1, 0, 'ad/be/cf', 90],
    ['along the other diagonal', 0, -1, -1, 0, 'fc/eb/da', 270],
  ])('%s', (_name, a, b, c, d, rows, rotation) => {
    const matrix = { a: a * ONE, b: b * ONE, c: c * ONE, d: d * ONE };
    expect(turned('abc/def', matrix)).toBe(rows);
    expect(rotationOf(orientationOf(matrix))).toBe(rotation);
  });

  it('goes to the nearest quarter turn', () => {
    expect(orientationOf({ a: 20, b: 99, c: -99, d: 20 })).toEqual(orientationOf({ a: 0, b: 1, c: -1, d: 0 }));
    expect(orientationOf({ a: 0, b: 0, c: 0, d: 0 })).toEqual({ swapsAxes: false, mirrorsX: false, mirrorsY: false });
  });

  it('answers a copy, for the decoder writes over its own', () => {
    const rgba = Uint8Array.from([1, 2, 3, 4]);
    const copy = upright({ width: 1, height: 1, rgba }, orientationOf({ a: 1, b: 0, c: 0, d: 1 }));
    rgba.fill(0);
    expect([...copy.rgba]).toEqual([1, 2, 3, 4]);
  });
});
