/** Grey values 0 to 255 in rows; square. */
export interface GreyImage {
  side: number;
  data: Float32Array;
}

/** An element that is known to be there: the inner loops go over millions of them. */
export function valueAt(values: Float32Array | Float64Array | Uint8Array, index: number): number {
  return values[index] ?? 0;
}

export function toGrey(bytes: Uint8Array, side: number): GreyImage {
  return { side, data: Float32Array.from(bytes) };
}

/** Gaussian of sigma 0.8 in both directions: takes the noise of a single pixel out before slopes are read. */
export function blur({ side, data }: GreyImage): GreyImage {
  return { side, data: blurLines(blurLines(data, side, 1, side), side, side, 1) };
}

function blurLines(source: Float32Array, side: number, step: number, stride: number): Float32Array {
  const result = new Float32Array(source.length);
  for (let line = 0; line < side; line++) {
    const start = line * stride;
    const end = start + (side - 1) * step;
    for (let at = start; at <= end; at += step) {
      const before = at > start ? at - step : start;
      const after = at < end ? at + step : end;
      const farBefore = before > start ? before - step : start;
      const farAfter = after < end ? after + step : end;
      const near = valueAt(source, before) + valueAt(source, after);
      const far = valueAt(source, farBefore) + valueAt(source, farAfter);
      result[at] = 0.5 * valueAt(source, at) + 0.2285 * near + 0.0215 * far;
    }
  }
  return result;
}

/** Half the side, each pixel the mean of four. */
export function halve({ side, data }: GreyImage): GreyImage {
  const half = side >> 1;
  const result = new Float32Array(half * half);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      const sum = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + side] ?? 0) + (data[at + side + 1] ?? 0);
      result[y * half + x] = sum / 4;
    }
  }
  return { side: half, data: result };
}

export interface Slopes {
  x: Float32Array;
  y: Float32Array;
}

/** Central differences; zero on the rim. */
export function slopesOf({ side, data }: GreyImage): Slopes {
  const x = new Float32Array(side * side);
  const y = new Float32Array(side * side);
  for (let row = 1; row < side - 1; row++) {
    for (let column = 1; column < side - 1; column++) {
      const at = row * side + column;
      x[at] = ((data[at + 1] ?? 0) - (data[at - 1] ?? 0)) / 2;
      y[at] = ((data[at + side] ?? 0) - (data[at - side] ?? 0)) / 2;
    }
  }
  return { x, y };
}

/** Also the width of the rim whose neighbourhoods are cut off, so that its light is not that of the same place elsewhere. */
export const NEIGHBOURHOOD_RADIUS = 6;
/** Contrast below this is noise, and is not blown up. */
const LEAST_CONTRAST = 6;
const COMMON_CONTRAST = 24;

/**
 * The picture in a light that is the same everywhere: each pixel against the mean and the contrast of its neighbourhood.
 * Without it a lamp that flickers, or a shadow that wanders over a photograph, reads as motion that no plane can make.
 */
export function evenLight({ side, data }: GreyImage): GreyImage {
  const { sums, squares } = integrals({ side, data });
  const result = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    const top = Math.max(0, row - NEIGHBOURHOOD_RADIUS);
    const bottom = Math.min(side, row + NEIGHBOURHOOD_RADIUS + 1);
    for (let column = 0; column < side; column++) {
      const left = Math.max(0, column - NEIGHBOURHOOD_RADIUS);
      const right = Math.min(side, column + NEIGHBOURHOOD_RADIUS + 1);
      const count = (bottom - top) * (right - left);
      const middle = sumOf(sums, side, left, top, right, bottom) / count;
      const variance = sumOf(squares, side, left, top, right, bottom) / count - middle * middle;
      const contrast = Math.sqrt(Math.max(0, variance)) + LEAST_CONTRAST;
      const at = row * side + column;
      result[at] = (((data[at] ?? 0) - middle) / contrast) * COMMON_CONTRAST;
    }
  }
  return { side, data: result };
}

/** Sums over everything above and to the left, so that any rectangle is four look-ups. One row and column wider. */
function integrals({ side, data }: GreyImage): { sums: Float64Array; squares: Float64Array } {
  const width = side + 1;
  const sums = new Float64Array(width * width);
  const squares = new Float64Array(width * width);
  for (let row = 0; row < side; row++) {
    let line = 0;
    let lineOfSquares = 0;
    let at = (row + 1) * width + 1;
    for (let pixel = row * side; pixel < (row + 1) * side; pixel++, at++) {
      const value = data[pixel] ?? 0;
      line += value;
      lineOfSquares += value * value;
      sums[at] = (sums[at - width] ?? 0) + line;
      squares[at] = (squares[at - width] ?? 0) + lineOfSquares;
    }
  }
  return { sums, squares };
}

function sumOf(sums: Float64Array, side: number, left: number, top: number, right: number, bottom: number): number {
  const upper = top * (side + 1);
  const lower = bottom * (side + 1);
  return (
    valueAt(sums, lower + right) -
    valueAt(sums, upper + right) -
    valueAt(sums, lower + left) +
    valueAt(sums, upper + left)
  );
}
