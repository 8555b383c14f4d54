import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { PictureKind } from '#shared/rpc/inference.ts';
import { MAX_ENCODED_BYTES, MAX_JPEG_SCANS } from './picture-limits.ts';
import { probe } from './probe.ts';
import { EOI, JPEG_SCAN, jpegFrame, jpegSegment, SOI } from './testing/build-jpeg.ts';
import { bigEndian, buildPng, concat, imageHeader, type PngPlan, pngChunk, pngOf } from './testing/build-png.ts';
import { extendedStart, losslessStart, lossyStart, webpChunk, webpOf } from './testing/build-webp.ts';
import { SMALL_EXTENDED_WEBP, SMALL_JPEG, SMALL_LOSSLESS_WEBP, SMALL_WEBP } from './testing/small-pictures.ts';

const png = (plan: Partial<PngPlan> = {}) =>
  buildPng({ width: 64, height: 64, bitDepth: 8, colourType: 6, sample: (x, y) => (x * y) & 255, ...plan });
const plain = png();
const IHDR_END = 8 + 12 + 13;
const IEND_BYTES = 12;
/** A PNG whose header says this; what follows matters not. */
const says = (header: Uint8Array) => pngOf([header, pngChunk('IDAT', [1, 2, 3]), pngChunk('IEND', [])]);
const sized = (width: number, height: number) => says(imageHeader({ width, height }));
const withChunk = (chunk: ArrayLike<number>) => concat([plain.subarray(0, IHDR_END), chunk, plain.subarray(IHDR_END)]);
const withByte = (bytes: Uint8Array, at: number, value: number) => bytes.with(at, value);
const jpeg = (...parts: ArrayLike<number>[]) => concat([SOI, ...parts]);

type Case = [name: string, bytes: Uint8Array, problem: string, kind?: PictureKind];
const refused = (cases: Case[]) =>
  test.each(cases)('%s', (_name, bytes, problem, kind = 'frame') => {
    expect(probe(bytes, kind)).toEqual({ ok: false, problem });
  });

describe('not a picture', () => {
  refused([
    ['nothing', new Uint8Array(0), 'not_a_picture'],
    ['text', new TextEncoder().encode('<html>'), 'not_a_picture'],
    ['a GIF', new TextEncoder().encode('GIF89a@@'), 'not_a_picture'],
    ['a PNG with a wrong signature', withByte(plain, 1, 0x51), 'not_a_picture'],
    ['half a signature', plain.subarray(0, 6), 'not_a_picture'],
    ['a RIFF that is sound', new TextEncoder().encode('RIFF\x04\0\0\0WAVE'), 'not_a_picture'],
    ['more bytes than any picture needs', new Uint8Array(MAX_ENCODED_BYTES + 1), 'too_large'],
  ]);
});

describe('size', () => {
  refused([
    ['1x1', png({ width: 1, height: 1 }), 'too_small'],
    ['a side too short', png({ width: 63 }), 'too_small'],
    ['the other side too short', png({ height: 63 }), 'too_small'],
    ['20,000 x 20,000', sized(20_000, 20_000), 'too_large'],
    ['as many as 32 bits can say', sized(0xffffffff, 0xffffffff), 'too_large'],
    ['a side too long', sized(4097, 64), 'too_large'],
    ['too many pixels', sized(4096, 1025), 'too_large'],
    ['a large JPEG', jpeg(jpegFrame({ width: 20_000, height: 20_000 }), JPEG_SCAN, EOI), 'too_large'],
    ['a small JPEG', jpeg(jpegFrame({ width: 1, height: 1 }), JPEG_SCAN, EOI), 'too_small'],
    ['a large WebP', webpOf([lossyStart({ width: 16_383, height: 16_383 })]), 'too_large'],
    ['a small WebP', webpOf([losslessStart({ width: 1, height: 1 })]), 'too_small'],
    ['a crop of another size', png({ width: 224, height: 225 }), 'wrong_size', 'crop'],
    ['a tiny crop', png({ width: 1, height: 1 }), 'wrong_size', 'crop'],
    ['a huge crop', sized(20_000, 20_000), 'wrong_size', 'crop'],
  ]);

  test.each<[number, number, PictureKind]>([
    [64, 64, 'frame'],
    // All zero: as much as deflate can make of so few bytes.
    [4096, 1024, 'frame'],
    [224, 224, 'crop'],
  ])('%i x %i is right for a %s', (width, height, kind) => {
    const rows = pngChunk('IDAT', deflateSync(new Uint8Array((width * 4 + 1) * height)));
    const bytes = pngOf([imageHeader({ width, height }), rows, pngChunk('IEND', [])]);
    expect(probe(bytes, kind)).toMatchObject({ ok: true, header: { format: 'png', width, height } });
  });
});

describe('a PNG that lies', () => {
  const header = (...[plan, ...rest]: Parameters<typeof imageHeader>) => says(imageHeader(plan, ...rest));
  refused([
    ['signature only', plain.subarray(0, 8), 'damaged'],
    ['no IEND', plain.subarray(0, -IEND_BYTES), 'damaged'],
    ['one byte short', plain.subarray(0, -1), 'damaged'],
    ['a chunk that runs past the end', withChunk([...bigEndian(plain.length), 0x74, 0x45, 0x58, 0x74]), 'damaged'],
    ['a chunk of an absurd length', withChunk([255, 255, 255, 255, 0x74, 0x45, 0x58, 0x74]), 'damaged'],
    ['another chunk first', pngOf([pngChunk('tEXt', [1]), plain.subarray(8)]), 'damaged'],
    ['IHDR twice', withChunk(imageHeader({ width: 4096 })), 'damaged'],
    ['a wrong checksum of IHDR', withByte(plain, 19, 65), 'damaged'],
    ['a long IHDR', says(pngChunk('IHDR', [0, 0, 0, 64, 0, 0, 0, 64, 8, 6, 0, 0, 0, 0])), 'damaged'],
    ['no width', header({ width: 0 }), 'damaged'],
    ['no height', header({ height: 0 }), 'damaged'],
    ['a colour type that is none', header({ colourType: 5 }), 'damaged'],
    ['a depth that its colours do not have', header({ colourType: 2, bitDepth: 4 }), 'damaged'],
    ['another compression', header({}, 1), 'damaged'],
    ['another way of filtering', header({}, 0, 1), 'damaged'],
    ['another way of interlacing', header({}, 0, 0, 2), 'damaged'],
    ['an animation', withChunk(pngChunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0])), 'not_a_picture'],
    ['no pixels', pngOf([imageHeader({}), pngChunk('IEND', [])]), 'damaged'],
    ['too few compressed bytes for its size', sized(4096, 1024), 'damaged'],
    ['far too many of them', withChunk(pngChunk('IDAT', new Uint8Array(64 * 65 * 5))), 'damaged'],
  ]);

  test('bytes after IEND are no lie', () => {
    expect(probe(concat([plain, [1, 2, 3]]), 'frame').ok).toBe(true);
  });

  test('reads only its own part of a larger buffer', () => {
    const within = concat([[9, 9, 9], plain, [9]]).subarray(3, -1);
    expect(probe(within, 'frame')).toMatchObject({ ok: true, header: { width: 64 } });
  });
});

describe('a JPEG that lies', () => {
  const frame = jpegFrame();
  const manyScans = (count: number) => jpeg(frame, ...new Array<Uint8Array>(count).fill(JPEG_SCAN), EOI);
  refused([
    ['a start only', jpeg([0xff]), 'damaged'],
    ['no frame', jpeg(JPEG_SCAN, EOI), 'damaged'],
    ['no scan', jpeg(frame, EOI), 'damaged'],
    ['no end', jpeg(frame, JPEG_SCAN), 'damaged'],
    ['an end in its thumbnail only', jpeg(jpegSegment(0xe1, EOI), frame, JPEG_SCAN), 'damaged'],
    ['two frames', jpeg(frame, frame, JPEG_SCAN, EOI), 'damaged'],
    ['a frame too short to hold its size', jpeg(jpegSegment(0xc0, [8, 0, 64]), JPEG_SCAN, EOI), 'damaged'],
    ['a segment that runs past the end', jpeg([0xff, 0xe0, 0xff, 0xff], frame, JPEG_SCAN, EOI), 'damaged'],
    ['a segment shorter than its own length', jpeg([0xff, 0xe0, 0, 1], frame, JPEG_SCAN, EOI), 'damaged'],
    ['something between segments', jpeg(jpegSegment(0xe0, []), [1], frame, JPEG_SCAN, EOI), 'damaged'],
    ['no height', jpeg(jpegFrame({ height: 0 }), JPEG_SCAN, EOI), 'damaged'],
    ['too many scans', manyScans(MAX_JPEG_SCANS + 1), 'damaged'],
    ['a lossless one', jpeg(jpegFrame({ marker: 0xc3 }), JPEG_SCAN, EOI), 'not_a_picture'],
    ['an arithmetic one', jpeg(jpegFrame({ marker: 0xc9 }), JPEG_SCAN, EOI), 'not_a_picture'],
    ['12 bits', jpeg(jpegFrame({ precision: 12 }), JPEG_SCAN, EOI), 'not_a_picture'],
    ['colours for print', jpeg(jpegFrame({ components: 4 }), JPEG_SCAN, EOI), 'not_a_picture'],
  ]);

  test.each([
    ['as many scans as are allowed', manyScans(MAX_JPEG_SCANS)],
    ['fill bytes before a marker', jpeg([0xff, 0xff], frame, JPEG_SCAN, EOI)],
    ['bytes after its end', jpeg(frame, JPEG_SCAN, EOI, [1, 2, 3])],
    ['a real one', SMALL_JPEG],
  ])('no lie: %s', (_name, bytes) => {
    expect(probe(bytes, 'frame')).toMatchObject({ ok: true, header: { format: 'jpeg', width: 64 } });
  });
});

describe('a WebP that lies', () => {
  const lossy = lossyStart();
  refused([
    ['a size that is too small', webpOf([lossy], -2), 'damaged'],
    ['a size that is too large', webpOf([lossy], 2), 'damaged'],
    ['a chunk that runs past the end', withByte(webpOf([lossy]), 16, 200), 'damaged'],
    ['no picture', webpOf([webpChunk('EXIF', [1])]), 'damaged'],
    ['half a chunk', webpOf([lossy, new Uint8Array(3)]), 'damaged'],
    ['two pictures', webpOf([lossy, losslessStart()]), 'damaged'],
    ['an animation by its flag', webpOf([extendedStart({ flags: 2 }), lossy]), 'not_a_picture'],
    ['an animation by its chunks', webpOf([webpChunk('ANMF', [1])]), 'not_a_picture'],
    ['a canvas of another size', webpOf([extendedStart({ width: 65 }), lossy]), 'damaged'],
    ['a canvas after the picture', webpOf([lossy, extendedStart()]), 'damaged'],
    ['a canvas cut short', webpOf([webpChunk('VP8X', [0, 0, 0, 0]), lossy]), 'damaged'],
    ['a frame that needs another', webpOf([lossyStart({ frameTag: 0x11 })]), 'damaged'],
    ['a wrong start code', webpOf([lossyStart({ startCode: [1, 2, 3] })]), 'damaged'],
    ['no width', webpOf([lossyStart({ width: 0 })]), 'damaged'],
    ['a first part longer than the whole', webpOf([lossyStart({ frameTag: 0x30 })]), 'damaged'],
    ['a lossless one without its signature', webpOf([losslessStart({ signature: 0x2e })]), 'damaged'],
    ['a lossless one of another version', webpOf([losslessStart({ version: 1 })]), 'damaged'],
  ]);

  test.each([
    ['lossy', SMALL_WEBP],
    ['lossless', SMALL_LOSSLESS_WEBP],
    ['extended', SMALL_EXTENDED_WEBP],
  ])('no lie: a real %s one', (_name, bytes) => {
    expect(probe(bytes, 'frame')).toEqual({ ok: true, header: { format: 'webp', width: 64, height: 96 } });
  });
});
