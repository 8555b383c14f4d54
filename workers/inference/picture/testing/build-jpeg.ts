import { concat } from './build-png.ts';

export const SOI = [0xff, 0xd8];
export const EOI = [0xff, 0xd9];

export function jpegSegment(marker: number, contents: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const length = contents.length + 2;
  return concat([[0xff, marker, length >> 8, length & 255], contents]);
}

/** A frame header (SOF) without what a decoder would need beyond its size. */
export function jpegFrame({ width = 64, height = 64, marker = 0xc0, precision = 8, components = 3 } = {}) {
  return jpegSegment(marker, [precision, height >> 8, height & 255, width >> 8, width & 255, components]);
}

/** The start of a scan, and some of its data: stuffed and restart bytes included, which end nothing. */
export const JPEG_SCAN = concat([jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]]);

/** The same JPEG, held another way: 1 to 8 as EXIF counts them. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  return concat([SOI, jpegSegment(0xe1, [...exif, ...tiff]), jpeg.subarray(2)]);
}

/** Without its segments of one kind. The marker must not occur in scan data. */
export function withoutSegments(jpeg: Uint8Array, marker: number): Uint8Array<ArrayBuffer> {
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  let offset = 2;
  while (jpeg[offset + 1] !== 0xda) {
    const end = offset + 2 + ((jpeg[offset + 2] ?? 0) << 8) + (jpeg[offset + 3] ?? 0);
    if (jpeg[offset + 1] !== marker) kept.push(jpeg.subarray(offset, end));
    offset = end;
  }
  return concat([...kept, jpeg.subarray(offset)]);
}
