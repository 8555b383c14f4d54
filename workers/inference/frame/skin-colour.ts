import type { RgbaPicture } from '../picture/rgba-picture.ts';

/** Points of the 68 whose middle lies on bare skin: forehead between and above the brows, left cheek, right cheek. */
const REGIONS = [
  { points: [21, 22], lift: 0.12 },
  { points: [2, 31, 48], lift: 0 },
  { points: [14, 35, 54], lift: 0 },
] as const;
const SIDE_SHARE = 0.14;

/** Mean red, green and blue of three squares of skin; their change over time is what a pulse is read from. */
export function skinColours(picture: RgbaPicture, landmarks: Float32Array): Float32Array {
  const faceHeight = Math.abs((landmarks[8 * 2 + 1] ?? 0) - (landmarks[27 * 2 + 1] ?? 0)) * 1.6;
  const half = Math.max(1, (faceHeight * SIDE_SHARE) / 2);
  const colours = new Float32Array(REGIONS.length * 3);
  for (const [region, { points, lift }] of REGIONS.entries()) {
    const middle = (axis: 0 | 1) =>
      points.reduce((sum, point) => sum + (landmarks[point * 2 + axis] ?? 0), 0) / points.length;
    meanColour(picture, middle(0), middle(1) - lift * faceHeight, half, colours.subarray(region * 3, region * 3 + 3));
  }
  return colours;
}

function meanColour(
  { width, height, data }: RgbaPicture,
  x: number,
  y: number,
  half: number,
  into: Float32Array,
): void {
  const [left, right] = [Math.max(0, Math.round(x - half)), Math.min(width - 1, Math.round(x + half))];
  const [top, bottom] = [Math.max(0, Math.round(y - half)), Math.min(height - 1, Math.round(y + half))];
  let count = 0;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const pixel = (row * width + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        into[channel] = (into[channel] ?? 0) + (data[pixel + channel] ?? 0);
      }
      count++;
    }
  }
  if (count > 0) for (let channel = 0; channel < 3; channel++) into[channel] = (into[channel] ?? 0) / count;
}
