import mozjpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import libwebp from '@jsquash/webp/codec/dec/webp_dec.js';
import { createEmscriptenCodec } from './emscripten-codec.ts';
import type { PictureCodecs } from './picture-codecs.ts';
import { createPngCodec } from './png-codec.ts';

export type CodecModules = Record<keyof PictureCodecs, WebAssembly.Module>;

/** The codecs over their WebAssembly, which is compiled by whoever calls: workerd and Node do that differently. */
export function createCodecs(modules: CodecModules): PictureCodecs {
  return {
    png: createPngCodec(modules.png),
    // Applies the EXIF orientation: phones store pictures as the sensor lies, and note how they were held.
    jpeg: createEmscriptenCodec(mozjpeg, modules.jpeg, true),
    webp: createEmscriptenCodec(libwebp, modules.webp),
  };
}
