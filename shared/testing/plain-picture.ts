import { buildPng } from '../../workers/inference/picture/testing/build-png.ts';

/** A PNG of one grey all over, in base64. `shade` makes it another picture. */
export function plainPicture(width: number, height: number, shade: number): string {
  return buildPng({ width, height, bitDepth: 8, colourType: 0, sample: () => shade }).toBase64();
}
