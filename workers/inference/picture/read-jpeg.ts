import type { PictureProblem } from '#shared/rpc/inference.ts';
import type { JpegHeader } from './picture-header.ts';
import { MAX_JPEG_SCANS } from './picture-limits.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Baseline, extended and progressive, with Huffman coding: what cameras and browsers write, and what is decoded here. */
const READABLE_FRAMES = [0xc0, 0xc1, 0xc2];
/** Lossless, hierarchical and arithmetic ones. C4, C8 and CC in between are no frames. */
const OTHER_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
/** A grey picture and one in colour; four are for print. */
const COMPONENTS = [1, 3];

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff;
}

/** Walks the segments of a JPEG, to EOI. What follows it is let be: phones put films and depth there. */
export function readJpeg(bytes: Uint8Array): JpegHeader | PictureProblem {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: JpegHeader | null = null;
  let scans = 0;
  let offset = 2;
  while (bytes[offset] === 0xff) {
    const marker = bytes[offset + 1] ?? 0;
    // Fill bytes before a marker.
    if (marker === 0xff) offset += 1;
    else if (marker === EOI) return header !== null && scans > 0 ? header : 'damaged';
    else {
      if (offset + 4 > bytes.length) return 'damaged';
      const length = view.getUint16(offset + 2);
      const end = offset + 2 + length;
      if (length < 2 || end > bytes.length) return 'damaged';
      if (OTHER_FRAMES.includes(marker)) return 'not_a_picture';
      if (READABLE_FRAMES.includes(marker)) {
        const frame: JpegHeader | PictureProblem =
          header === null ? readFrame(bytes.subarray(offset + 4, end)) : 'damaged';
        if (typeof frame === 'string') return frame;
        header = frame;
      }
      if (marker === SOS) scans += 1;
      if (scans > MAX_JPEG_SCANS) return 'damaged';
      offset = marker === SOS ? afterScan(bytes, end) : end;
    }
  }
  return 'damaged';
}

function readFrame(segment: Uint8Array): JpegHeader | PictureProblem {
  if (segment.length < 6) return 'damaged';
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  if (view.getUint8(0) !== 8 || !COMPONENTS.includes(view.getUint8(5))) return 'not_a_picture';
  // No height: it would come after the first scan (DNL), which hardly anything writes.
  if (width === 0 || height === 0) return 'damaged';
  return { format: 'jpeg', width, height };
}

/** Where the next marker stands; in a scan FF is followed by 00 when it means itself, and restart markers belong to it. */
function afterScan(bytes: Uint8Array, start: number): number {
  let offset = bytes.indexOf(0xff, start);
  while (offset >= 0) {
    const next = bytes[offset + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return offset;
    offset = bytes.indexOf(0xff, offset + 2);
  }
  return bytes.length;
}
