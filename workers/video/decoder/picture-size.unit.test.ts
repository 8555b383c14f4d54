import { describe, expect, it } from 'vitest';
import { outputSize, squared } from './picture-size.ts';

const size = (width: number, height: number) => ({ width, height });
const SQUARE = size(1, 1);

describe('outputSize', () => {
  it.each([
    ['small ones stay', size(320, 240), SQUARE, size(320, 240)],
    ['1280 fits', size(1280, 720), SQUARE, size(1280, 720)],
    ['1080p lying', size(1920, 1080), SQUARE, size(1280, 720)],
    ['1080p standing', size(1080, 1920), SQUARE, size(720, 1280)],
    ['4K', size(4096, 2160), SQUARE, size(1280, 675)],
    ['a line', size(4000, 1), SQUARE, size(1280, 1)],
    ['wide pixels', size(720, 576), size(16, 11), size(720, 396)],
    ['tall pixels', size(720, 480), size(8, 9), size(640, 480)],
    ['wide pixels, and large', size(1440, 1080), size(4, 3), size(1280, 720)],
  ])('%s', (_name, stored, aspect, expected) => {
    expect(outputSize(stored, aspect)).toEqual(expected);
  });

  it.each([size(0, 1), size(0, 0), size(1, 0), size(1, 4000), size(4000, 1)])(
    'does not believe pixels of %o',
    (aspect) => {
      expect(squared(size(320, 240), aspect)).toEqual(size(320, 240));
    },
  );
});
