import { inflateSync } from 'node:zlib';
import { joinBytes } from './join-bytes.ts';
import type { PngHeader } from './picture-header.ts';
import { inflatedBytes } from './read-png.ts';
import type { RgbaPicture } from './rgba-picture.ts';
import { unfilter } from './unfilter.ts';

/** workerd refuses up to a step of its buffer below `maxOutputLength`; the exact length is checked afterwards. */
const INFLATE_SLACK_BYTES = 65_536;
/** Of what is inflated in one step: usually all, which halves the time. A header that lies costs no more than this. */
const INFLATE_STEP_BYTES = 4 * 1024 * 1024;

/** What browsers and image libraries write by default: 8 bits of RGB or RGBA, row after row. */
export function isPlainPng({ bitDepth, colourType, interlaced, transparencyApart }: PngHeader): boolean {
  return bitDepth === 8 && !interlaced && !transparencyApart && (colourType === 'rgb' || colourType === 'rgba');
}

/**
 * Decodes these with workerd's own zlib in half the time that @jsquash/png takes, and with no heap that a bad picture
 * could leave broken. Inflates no more than the header promises. Throws on a stream that is damaged or of another length.
 */
export function decodePlainPng(header: PngHeader): RgbaPicture {
  const { width, height, channels } = header;
  const promised = inflatedBytes(header);
  const rows = inflateSync(joinBytes(header.compressed), {
    maxOutputLength: promised + INFLATE_SLACK_BYTES,
    // zlib takes no step under 64 bytes.
    chunkSize: Math.max(64, Math.min(promised, INFLATE_STEP_BYTES)),
  });
  if (rows.length !== promised) throw new RangeError('the PNG holds another number of pixels than it says');
  unfilter(rows, width * channels, channels);
  const data = channels === 4 ? withoutFilters(rows, width, height) : withAlpha(rows, width, height);
  return { width, height, data };
}

function withoutFilters(rows: Uint8Array, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  const rowBytes = width * 4;
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    data.set(rows.subarray(start, start + rowBytes), y * rowBytes);
  }
  return data;
}

function withAlpha(rows: Uint8Array, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = y * (width * 3 + 1) + 1;
    for (let x = 0; x < width; x++) {
      data[to] = rows[from] ?? 0;
      data[to + 1] = rows[from + 1] ?? 0;
      data[to + 2] = rows[from + 2] ?? 0;
      data[to + 3] = 255;
      from += 3;
      to += 4;
    }
  }
  return data;
}
