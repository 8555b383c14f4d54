/** A video track to be put into an MP4 by hand, for what FFmpeg declines to write. */
export interface Track {
  /** Four letters, as in `vp08`. */
  format: string;
  width: number;
  height: number;
  frames: { bytes: Uint8Array; isKey: boolean }[];
  frameMs: number;
  /** The four numbers of the display matrix that turn. */
  matrix?: [a: number, b: number, c: number, d: number];
}

const TIMESCALE = 1000;

/** The least that a player needs: one track, one chunk, the tables behind the media. */
export function buildMp4({ format, width, height, frames, frameMs, matrix = [1, 0, 0, 1] }: Track): Uint8Array {
  const durationMs = frames.length * frameMs;
  const [a, b, c, d] = matrix.map((number) => number * 65_536);
  const turning = u32(a ?? 0, b ?? 0, 0, c ?? 0, d ?? 0, 0, 0, 0, 0x40000000);
  const ftyp = box('ftyp', text('isom'), u32(0x200), text('isomiso2mp41'));
  const mdat = box('mdat', ...frames.map((frame) => frame.bytes));
  const entry = box(
    format,
    u32(0, 1, 0, 0, 0, 0),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(24, 0xffff),
  );
  const keys = frames.flatMap((frame, index) => (frame.isKey ? [index + 1] : []));
  const tables = box(
    'stbl',
    box('stsd', u32(0, 1), entry),
    box('stts', u32(0, 1, frames.length, frameMs)),
    box('stss', u32(0, keys.length, ...keys)),
    box('stsc', u32(0, 1, 1, frames.length, 1)),
    box('stsz', u32(0, 0, frames.length, ...frames.map((frame) => frame.bytes.length))),
    box('stco', u32(0, 1, ftyp.length + 8)),
  );
  const media = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, TIMESCALE, durationMs, 0)),
    box('hdlr', u32(0, 0), text('vide'), u32(0, 0, 0), new Uint8Array(1)),
    box('minf', box('vmhd', u32(1, 0, 0)), box('dinf', box('dref', u32(0, 1), box('url ', u32(1)))), tables),
  );
  const header = box('tkhd', u32(7, 0, 0, 1, 0, durationMs, 0, 0, 0, 0), turning, u32(width << 16, height << 16));
  const whole = box(
    'mvhd',
    u32(0, 0, 0, TIMESCALE, durationMs, 0x10000, 0x1000000, 0, 0),
    PLAIN_MATRIX,
    new Uint8Array(24),
    u32(2),
  );
  return joined(ftyp, mdat, box('moov', whole, box('trak', header, media)));
}

/** The frames of an IVF file, which is nothing but a header and frames. */
export function ivfFrames(ivf: Uint8Array): Uint8Array[] {
  const view = new DataView(ivf.buffer, ivf.byteOffset, ivf.length);
  const frames: Uint8Array[] = [];
  for (let at = 32; at + 12 <= ivf.length; ) {
    const length = view.getUint32(at, true);
    frames.push(ivf.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

const u16 = (...numbers: number[]) => joined(...numbers.map((number) => Uint8Array.of(number >>> 8, number)));
const u32 = (...numbers: number[]) =>
  joined(...numbers.map((number) => Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)));
const text = (letters: string) => new TextEncoder().encode(letters);
const PLAIN_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

function box(name: string, ...parts: Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  return joined(u32(content.length + 8), text(name), content);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
