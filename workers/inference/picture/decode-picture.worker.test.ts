import { deflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { decodePicture } from './decode-picture.ts';
import { decodePlainPng } from './plain-png.ts';
import { probe } from './probe.ts';
import { withOrientation, withoutSegments } from './testing/build-jpeg.ts';
import { buildPng, CHANNELS, concat, type PngPlan } from './testing/build-png.ts';
import {
  QUARTERS,
  SMALL_EXTENDED_WEBP,
  SMALL_JPEG,
  SMALL_LOSSLESS_WEBP,
  SMALL_WEBP,
} from './testing/small-pictures.ts';

vi.setConfig({ testTimeout: 60_000 });

/** No multiple of eight, so that rows of few bits and the passes of interlacing end in the middle of a byte. */
const SIZE = { width: 67, height: 65 };
const PALETTE = Array.from({ length: 16 * 3 }, (_, at) => (at * 37) & 255);

async function pixels(bytes: Uint8Array): Promise<Uint8Array> {
  const result = await decodePicture(bytes, 'frame');
  if (!result.ok) throw new Error(result.problem);
  return result.picture.data;
}

/** What the standard says that the samples of a plan look like, in RGBA of 8 bits. */
function expected(plan: PngPlan): Uint8Array {
  const { colourType, bitDepth } = plan;
  const to8 = (value: number) => (bitDepth === 16 ? value >> 8 : Math.round((value * 255) / (2 ** bitDepth - 1)));
  const rgba: number[] = [];
  for (let y = 0; y < plan.height; y++)
    for (let x = 0; x < plan.width; x++) {
      const raw = Array.from({ length: CHANNELS[colourType] ?? 0 }, (_, channel) => plan.sample(x, y, channel));
      const [a = 0, b = 0, c = 0, d = 0] = raw.map(to8);
      const [index = 0] = raw;
      if (colourType === 0) rgba.push(a, a, a, isClear(plan, raw) ? 0 : 255);
      else if (colourType === 4) rgba.push(a, a, a, b);
      else if (colourType === 3)
        rgba.push(...PALETTE.slice(index * 3, index * 3 + 3), plan.transparency?.[index] ?? 255);
      else rgba.push(a, b, c, colourType === 6 ? d : isClear(plan, raw) ? 0 : 255);
    }
  return new Uint8Array(rgba);
}

/** tRNS of grey and RGB names one colour, two bytes a channel, that is clear. */
function isClear({ transparency }: PngPlan, raw: number[]): boolean {
  return transparency !== undefined && raw.every((value, at) => value === transparency[at * 2 + 1]);
}

describe('PNG, to the last bit', () => {
  const plan = (colourType: number, bitDepth: number, more: Partial<PngPlan> = {}): PngPlan => ({
    ...SIZE,
    colourType,
    bitDepth,
    sample: (x, y, channel) => (x * (channel + 3) * 977 + y * y * 31 + channel) % Math.min(2 ** bitDepth, 65_521),
    filter: (y) => y % 5,
    ...more,
  });
  const palette = { palette: PALETTE, sample: (x: number, y: number) => (x + y) % 2 };
  const cases: [string, PngPlan][] = [
    ...[1, 2, 4, 8, 16].map((bits): [string, PngPlan] => [`grey, ${bits} bit`, plan(0, bits)]),
    ...[8, 16].map((bits): [string, PngPlan] => [`RGB, ${bits} bit`, plan(2, bits)]),
    ...[1, 2, 4, 8].map((bits): [string, PngPlan] => [`palette, ${bits} bit`, plan(3, bits, palette)]),
    ...[8, 16].map((bits): [string, PngPlan] => [`grey and alpha, ${bits} bit`, plan(4, bits)]),
    ...[8, 16].map((bits): [string, PngPlan] => [`RGBA, ${bits} bit`, plan(6, bits)]),
    ['palette with tRNS', plan(3, 4, { palette: PALETTE, transparency: [0, 128, 255, 7] })],
    ['grey with tRNS', plan(0, 8, { transparency: [0, 1] })],
    ['RGB with tRNS', plan(2, 8, { transparency: [0, 0, 0, 1, 0, 2] })],
    ['many IDAT', plan(6, 8, { idatBytes: 100 })],
  ];

  test.each(cases)('%s', async (_name, one) => {
    expect(await pixels(buildPng(one))).toEqual(expected(one));
    const interlaced = { ...one, interlaced: true };
    expect(await pixels(buildPng(interlaced))).toEqual(expected(interlaced));
  });

  test.each([0, 1, 2, 3, 4])('filter %i in every row, the first one too', async (filter) => {
    for (const colourType of [2, 6]) {
      const one = plan(colourType, 8, { filter: () => filter });
      expect(await pixels(buildPng(one))).toEqual(expected(one));
    }
  });

  test('a border that is black and transparent stays so', async () => {
    const sample = (x: number, _y: number, channel: number) => (x < 20 ? 0 : 50 + channel);
    const bordered = await pixels(buildPng(plan(6, 8, { sample })));
    expect(bordered.subarray(19 * 4, 21 * 4)).toEqual(new Uint8Array([0, 0, 0, 0, 50, 51, 52, 53]));
  });
});

/** The colour in the middle of each quarter, from the top left. */
function quarters({ width, height, data }: { width: number; height: number; data: Uint8Array }): number[][] {
  const middles = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => [x * width, y * height] as const));
  return middles.map(([x, y]) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]);
}
const near = (colour: readonly number[] = [], alpha = 255) => [
  ...colour.map((value) => expect.toSatisfy((seen: number) => Math.abs(seen - value) <= 6)),
  alpha,
];

test('a PNG that is a bomb is given up at what its header promises', () => {
  const bytes = buildPng({ width: 64, height: 64, colourType: 6, bitDepth: 8, sample: () => 0 });
  const probed = probe(bytes, 'frame');
  if (!probed.ok || probed.header.format !== 'png') throw new Error('the probe refuses it');
  const bomb = { ...probed.header, compressed: [deflateSync(new Uint8Array(20 * 2 ** 20))] };
  // workerd's own words; ours would come after all of it had been inflated.
  expect(() => decodePlainPng(bomb)).toThrow('Memory limit exceeded');
});

describe('JPEG', () => {
  // Which quarter of the stored picture is seen where, as EXIF defines the eight ways to hold a camera.
  test.each([
    [1, 64, [0, 1, 2, 3]],
    [2, 64, [1, 0, 3, 2]],
    [3, 64, [3, 2, 1, 0]],
    [4, 64, [2, 3, 0, 1]],
    [5, 96, [0, 2, 1, 3]],
    [6, 96, [2, 0, 3, 1]],
    [7, 96, [3, 1, 2, 0]],
    [8, 96, [1, 3, 0, 2]],
  ])('orientation %i', async (orientation, width, order) => {
    const result = await decodePicture(withOrientation(SMALL_JPEG, orientation), 'frame');
    expect(result).toMatchObject({ ok: true, picture: { width, height: 160 - width } });
    if (result.ok) expect(quarters(result.picture)).toEqual(order.map((at) => near(QUARTERS[at])));
  });

  test('one that was cut short and given an end is refused, not filled up with grey', async () => {
    const patched = concat([SMALL_JPEG.subarray(0, -60), [0xff, 0xd9]]);
    expect(await decodePicture(patched, 'frame')).toEqual({ ok: false, problem: 'damaged' });
  });
});

test.each([
  ['lossy', SMALL_WEBP, 255],
  ['lossless', SMALL_LOSSLESS_WEBP, 0],
  ['extended', SMALL_EXTENDED_WEBP, 0],
])('WebP, %s', async (_name, bytes, firstAlpha) => {
  const result = await decodePicture(bytes, 'frame');
  expect(result).toMatchObject({ ok: true, picture: { width: 64, height: 96 } });
  const [first, ...rest] = QUARTERS;
  if (result.ok) expect(quarters(result.picture)).toEqual([near(first, firstAlpha), ...rest.map((one) => near(one))]);
});

describe('a picture that breaks its decoder', () => {
  const grey: PngPlan = { ...SIZE, colourType: 0, bitDepth: 8, sample: (x, y) => (x * y) & 255 };
  const png = buildPng(grey);
  const brokenPng = png.with(-30, (png.at(-30) ?? 0) ^ 255);
  const brokenWebp = new Uint8Array(SMALL_LOSSLESS_WEBP).fill(255, 40);
  // As often as leaves no stack in a decoder that is kept: it takes some hundreds of each.
  const TIMES = 1000;

  test.each([
    ['PNG', brokenPng, png],
    ['JPEG', withoutSegments(SMALL_JPEG, 0xdb), SMALL_JPEG],
    ['WebP', brokenWebp, SMALL_LOSSLESS_WEBP],
  ])('breaks it for no other: %s', async (_name, broken, sound) => {
    const before = await pixels(sound);
    for (let i = 0; i < TIMES; i++)
      expect(await decodePicture(broken, 'frame')).toEqual({ ok: false, problem: 'damaged' });
    expect(await pixels(sound)).toEqual(before);
  });

  test('nor for those that are decoded at the same time', async () => {
    const broken = withoutSegments(SMALL_JPEG, 0xdb);
    const results = await Promise.all(
      [broken, SMALL_JPEG, broken, SMALL_JPEG].map((one) => decodePicture(one, 'frame')),
    );
    expect(results.map(({ ok }) => ok)).toEqual([false, true, false, true]);
  });
});

test.each([
  ['PNG', buildPng({ ...SIZE, colourType: 6, bitDepth: 8, sample: () => 1 })],
  ['other PNG', buildPng({ ...SIZE, colourType: 0, bitDepth: 8, sample: () => 1 })],
  ['JPEG', SMALL_JPEG],
  ['WebP', SMALL_WEBP],
])('pixels belong to the caller: %s', async (_name, bytes) => {
  const first = await pixels(bytes);
  const as = first.slice();
  const second = await pixels(bytes);
  second.fill(77);
  expect(first).toEqual(as);
  expect(await pixels(bytes)).toEqual(as);
  expect(first.buffer.byteLength).toBe(first.length);
});

test('leaves no global behind', async () => {
  await pixels(SMALL_JPEG);
  await pixels(SMALL_WEBP);
  expect(Reflect.has(globalThis, 'ImageData')).toBe(false);
  // The decoders' stand-in for a page's address; workerd has none of its own.
  expect(Reflect.get(globalThis, 'location')).toBeUndefined();
});
