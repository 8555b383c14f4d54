import mozjpeg, { type EmscriptenEncoder } from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { startEmscripten } from '../../inference/picture/emscripten-codec.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import { withBrowserGlobals } from '../../inference/picture/with-browser-globals.ts';

export type EncodeJpeg = (picture: RgbaPicture) => Promise<Uint8Array<ArrayBuffer>>;

/** Some 5 KB for a thumbnail. The encoder takes no options that are left out; these are its defaults but for the quality. */
const OPTIONS = {
  quality: 80,
  baseline: false,
  arithmetic: false,
  progressive: true,
  optimize_coding: true,
  smoothing: 0,
  color_space: 3,
  quant_table: 3,
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: true,
  chroma_subsample: 2,
  separate_chroma_quality: false,
  chroma_quality: 80,
};

/** One encoder for many pictures; a new one after it has thrown, for its heap is then in no known state. Throws where none comes out. */
export function createJpegEncoder(module: WebAssembly.Module): EncodeJpeg {
  let kept: EmscriptenEncoder | null = null;
  return async ({ width, height, data }) => {
    const encoder = kept ?? (await startEmscripten(mozjpeg, module)).codec;
    kept = null;
    const jpeg = withBrowserGlobals(() => encoder.encode(data, width, height, OPTIONS));
    if (!(jpeg instanceof Uint8Array) || jpeg.length === 0) throw new Error('no JPEG came out');
    kept = encoder;
    return Uint8Array.from(jpeg);
  };
}
