import type { RgbaPicture } from '../picture/rgba-picture.ts';
import type { Box } from './box.ts';

/** Pixels in rows, three floats each, 0 to 255. */
export interface RgbImage {
  width: number;
  height: number;
  data: Float32Array;
}

interface Taps {
  count: number;
  indices: Int32Array;
  weights: Float32Array;
}

/**
 * Scales `region` of the picture to the size asked for. What lies outside of `bounds` is the nearest pixel inside, so that
 * a face at the edge gets no black bars, which the texture model takes for a screen. `smooth` weighs every pixel that a
 * coarser one covers; without it two neighbours are read, which is quick and what the detector was trained on.
 */
export function resample(
  picture: RgbaPicture,
  region: Box,
  bounds: Box,
  size: { width: number; height: number },
  smooth: boolean,
): RgbImage {
  const { width, height } = size;
  const columns = tapsOf(region.x, region.width, width, bounds.x, bounds.x + bounds.width, smooth);
  const rows = tapsOf(region.y, region.height, height, bounds.y, bounds.y + bounds.height, smooth);
  const firstRow = rows.indices.reduce((least, row) => Math.min(least, row), Number.POSITIVE_INFINITY);
  const lastRow = rows.indices.reduce((most, row) => Math.max(most, row), 0);
  const narrowed = narrow(picture, columns, width, firstRow, lastRow);
  const data = new Float32Array(width * height * 3);
  const rowLength = width * 3;
  for (let y = 0; y < height; y++) {
    const target = y * rowLength;
    const end = (y + 1) * rows.count;
    // Two rows at a time: each pass reads and writes the whole target row.
    for (let tap = y * rows.count; tap < end; tap += 2) {
      const hasSecond = tap + 1 < end;
      const firstWeight = rows.weights[tap] ?? 0;
      const secondWeight = hasSecond ? (rows.weights[tap + 1] ?? 0) : 0;
      if (firstWeight === 0 && secondWeight === 0) continue;
      const first = ((rows.indices[tap] ?? 0) - firstRow) * rowLength;
      const second = hasSecond ? ((rows.indices[tap + 1] ?? 0) - firstRow) * rowLength : first;
      for (let i = 0; i < rowLength; i++) {
        const added = firstWeight * (narrowed[first + i] ?? 0) + secondWeight * (narrowed[second + i] ?? 0);
        data[target + i] = (data[target + i] ?? 0) + added;
      }
    }
  }
  return { width, height, data };
}

function narrow(picture: RgbaPicture, columns: Taps, width: number, firstRow: number, lastRow: number): Float32Array {
  const { count, indices, weights } = columns;
  const narrowed = new Float32Array((lastRow - firstRow + 1) * width * 3);
  const source = picture.data;
  let target = 0;
  for (let y = firstRow; y <= lastRow; y++) {
    const row = y * picture.width;
    for (let x = 0; x < width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = x * count; tap < (x + 1) * count; tap++) {
        const weight = weights[tap] ?? 0;
        const pixel = (row + (indices[tap] ?? 0)) * 4;
        red += weight * (source[pixel] ?? 0);
        green += weight * (source[pixel + 1] ?? 0);
        blue += weight * (source[pixel + 2] ?? 0);
      }
      narrowed[target] = red;
      narrowed[target + 1] = green;
      narrowed[target + 2] = blue;
      target += 3;
    }
  }
  return narrowed;
}

/** For each pixel of the result, which pixels of the source it is made of, and how much of each. */
function tapsOf(start: number, length: number, count: number, low: number, high: number, smooth: boolean): Taps {
  const scale = length / count;
  const reach = smooth ? Math.max(1, scale) : 1;
  const tapCount = Math.ceil(reach * 2);
  const indices = new Int32Array(count * tapCount);
  const weights = new Float32Array(count * tapCount);
  const first = Math.ceil(low);
  const last = Math.max(first, Math.floor(high) - 1);
  for (let i = 0; i < count; i++) {
    const centre = start + (i + 0.5) * scale - 0.5;
    const lowest = Math.ceil(centre - reach);
    let total = 0;
    for (let tap = 0; tap < tapCount; tap++) {
      const weight = Math.max(0, 1 - Math.abs(lowest + tap - centre) / reach);
      indices[i * tapCount + tap] = Math.min(Math.max(lowest + tap, first), last);
      weights[i * tapCount + tap] = weight;
      total += weight;
    }
    for (let tap = i * tapCount; tap < (i + 1) * tapCount; tap++) weights[tap] = (weights[tap] ?? 0) / total;
  }
  return { count: tapCount, indices, weights };
}

export function toRgba(image: RgbImage): RgbaPicture {
  const data = new Uint8ClampedArray(image.width * image.height * 4);
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    for (let channel = 0; channel < 3; channel++) data[pixel * 4 + channel] = image.data[pixel * 3 + channel] ?? 0;
    data[pixel * 4 + 3] = 255;
  }
  return { width: image.width, height: image.height, data: new Uint8Array(data.buffer) };
}
