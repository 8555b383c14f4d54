import type { FrameQuality } from '#shared/rpc/inference.ts';
import { type Box, largerSide } from './box.ts';
import type { GreyFace } from './landmarks.ts';

const BLACK = 8 / 256;
const WHITE = 248 / 256;
/** The grey face has room round it: this much on each side is hair and background. */
const RIM_SHARE = 0.14;

/** How well the face was filmed, on the small grey face that the landmark network is shown. */
export function faceQuality({ data, side }: GreyFace, face: Box, pictureSide: number): FrameQuality {
  const rim = Math.round(side * RIM_SHARE);
  const half = { left: 0, right: 0 };
  let count = 0;
  let clipped = 0;
  let laplacians = 0;
  let squares = 0;
  for (let y = rim; y < side - rim; y++) {
    for (let x = rim; x < side - rim; x++) {
      const at = y * side + x;
      const value = data[at] ?? 0;
      half[x < side / 2 ? 'left' : 'right'] += value;
      if (value < BLACK || value > WHITE) clipped++;
      const around = (data[at - 1] ?? 0) + (data[at + 1] ?? 0) + (data[at - side] ?? 0) + (data[at + side] ?? 0);
      const laplacian = around - 4 * value;
      laplacians += laplacian;
      squares += laplacian * laplacian;
      count++;
    }
  }
  const mean = laplacians / count;
  return {
    faceShare: largerSide(face) / pictureSide,
    faceSizePixels: largerSide(face),
    brightness: ((half.left + half.right) / count) * 256,
    clippedShare: clipped / count,
    lightBalance: Math.min(half.left, half.right) / Math.max(half.left, half.right, 1e-6),
    sharpness: Math.sqrt(Math.max(0, squares / count - mean * mean)) * 256,
  };
}
