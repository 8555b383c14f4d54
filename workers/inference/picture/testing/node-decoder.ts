import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCodecs } from '../create-codecs.ts';
import { createPictureDecoder, type DecodePicture } from '../create-picture-decoder.ts';

const { resolve } = createRequire(import.meta.url);

/** The decoder as in workerd, over the same WebAssembly, with Node's zlib: to be compared with libvips, which only Node runs. */
export function createNodeDecoder(): DecodePicture {
  return createPictureDecoder(
    createCodecs({
      png: compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'),
      jpeg: compile('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'),
      webp: compile('@jsquash/webp/codec/dec/webp_dec.wasm'),
    }),
  );
}

// Not `new`: the types are workerd's, which compiles no bytes.
function compile(file: string): WebAssembly.Module {
  return Reflect.construct(WebAssembly.Module, [readFileSync(resolve(file))]);
}
