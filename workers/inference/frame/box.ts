import type { FaceBox } from '#shared/rpc/inference.ts';

/** A rectangle in pixels; may have fractions, and may reach beyond the picture. */
export type Box = FaceBox;

export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

export function largerSide(box: Box): number {
  return Math.max(box.width, box.height);
}

export function centreOf(box: Box): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The square of `side` round the centre of `box`. */
export function squareAround(box: Box, side: number): Box {
  const { x, y } = centreOf(box);
  return { x: x - side / 2, y: y - side / 2, width: side, height: side };
}

/** Moved, and made smaller where it must be, so that it lies within `bounds` and stays a square. */
export function squareWithin(bounds: Box, square: Box): Box {
  const side = Math.min(square.width, bounds.width, bounds.height);
  const { x, y } = centreOf(square);
  return {
    x: clamp(x - side / 2, bounds.x, bounds.x + bounds.width - side),
    y: clamp(y - side / 2, bounds.y, bounds.y + bounds.height - side),
    width: side,
    height: side,
  };
}

/** Where a box of the picture lies in `square` once that is cut out and scaled to `side`. */
export function intoSquare(box: Box, square: Box, side: number): Box {
  const scale = side / square.width;
  return {
    x: (box.x - square.x) * scale,
    y: (box.y - square.y) * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
