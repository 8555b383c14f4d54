import { MAX_SIDE_PIXELS } from './clip-limits.ts';

export interface Size {
  width: number;
  height: number;
}

/** Width to height of one pixel; 0 in either stands for unknown. */
export interface PixelAspect {
  width: number;
  height: number;
}

/** Beyond this a pixel shape is a slip of the pen, and players ignore it too. */
const MAX_ASPECT = 10;

/** With square pixels. The side that has more of them than it shows gives way, for nothing is gained by making pixels up. */
export function squared({ width, height }: Size, aspect: PixelAspect): Size {
  const ratio = aspect.width > 0 && aspect.height > 0 ? aspect.width / aspect.height : 1;
  if (ratio > MAX_ASPECT || ratio < 1 / MAX_ASPECT) return { width, height };
  return ratio > 1
    ? { width, height: Math.max(1, Math.round(height / ratio)) }
    : { width: Math.max(1, Math.round(width * ratio)), height };
}

/** Never larger than it is. */
export function fitted({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What a stored picture is scaled to: square pixels, and no more of them than anyone looks at. */
export function outputSize(stored: Size, aspect: PixelAspect): Size {
  return fitted(squared(stored, aspect), MAX_SIDE_PIXELS);
}
