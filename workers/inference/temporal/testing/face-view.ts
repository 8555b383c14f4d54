import type { MovingFace } from '#shared/rpc/inference.ts';
import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import type { RgbaPicture } from '../../picture/rgba-picture.ts';
import { type Homography, IDENTITY, invert } from '../homography.ts';

export type Move = (x: number, y: number) => readonly [number, number];

/** So much of the crop is shown that what moves uncovers no border. */
const SHOWN_SHARE = 0.62;
const SUBPIXELS = [-0.25, 0.25];

/** A real face as a patch that shows it moved: each pixel, from -1 to 1, is read where `move` says. No noise. */
export function faceView(crop: RgbaPicture, move: Move = (x, y) => [x, y]): Uint8Array<ArrayBuffer> {
  const half = (PATCH_SIDE - 1) / 2;
  const patch = new Uint8Array(PATCH_SIDE * PATCH_SIDE);
  for (let row = 0; row < PATCH_SIDE; row++) {
    for (let column = 0; column < PATCH_SIDE; column++) {
      let sum = 0;
      for (const dy of SUBPIXELS) {
        for (const dx of SUBPIXELS) {
          const [x, y] = move((column + dx) / half - 1, (row + dy) / half - 1);
          sum += greyAt(crop, x * SHOWN_SHARE, y * SHOWN_SHARE);
        }
      }
      patch[row * PATCH_SIDE + column] = Math.round(sum / SUBPIXELS.length ** 2);
    }
  }
  return patch;
}

export function planar([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]: Homography): Move {
  return (x, y) => {
    const scale = 1 / (g * x + h * y + 1);
    return [(a * x + b * y + c) * scale, (d * x + e * y + f) * scale];
  };
}

/** Grey between pixels, -1 to 1 over the crop. */
function greyAt({ width, height, data }: RgbaPicture, x: number, y: number): number {
  const atX = Math.min(Math.max(((x + 1) * (width - 1)) / 2, 0), width - 1.001);
  const atY = Math.min(Math.max(((y + 1) * (height - 1)) / 2, 0), height - 1.001);
  const [left, top] = [Math.floor(atX), Math.floor(atY)];
  const grey = (column: number, row: number) => {
    const at = (row * width + column) * 4;
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  };
  const across = (row: number) => grey(left, row) * (1 - atX + left) + grey(left + 1, row) * (atX - left);
  return across(top) * (1 - atY + top) + across(top + 1) * (atY - top);
}

/** A film of it as the motion cues read it, with landmarks that went where the plane went. */
export function filmedFace(crop: RgbaPicture, move?: Move, moved: Homography = IDENTITY): MovingFace {
  const shown = planar(invert(moved) ?? IDENTITY);
  const landmarks = Float32Array.from(
    POINTS.flatMap(([x, y]) => shown(x, y).map((value) => ((value + 1) * PATCH_SIDE) / 2)),
  );
  return { patch: faceView(crop, move), landmarks, square: { x: 0, y: 0, width: PATCH_SIDE, height: PATCH_SIDE } };
}

/** Corners of a face, where landmarks would be. */
const POINTS = [
  [-0.2, -0.1],
  [0.2, -0.1],
  [-0.15, 0.3],
  [0.15, 0.3],
  [0, 0.5],
] as const;
