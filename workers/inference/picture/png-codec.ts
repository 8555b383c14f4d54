import { joinBytes } from './join-bytes.ts';
import type { Codec } from './picture-codecs.ts';
import type { PngHeader } from './picture-header.ts';
import { decodePlainPng, isPlainPng } from './plain-png.ts';
import { createSquooshPng, type SquooshPng } from './squoosh-png.ts';

/**
 * Plain PNGs by our own few lines, the rest (grey, palette, 16 bits, interlaced) by @jsquash/png. That one gets the
 * chunks that pixels depend on and no others: it would inflate a colour profile of any size.
 */
export function createPngCodec(module: WebAssembly.Module): Codec<PngHeader> {
  let squoosh: SquooshPng | null = null;
  return async (bytes, header) => {
    if (isPlainPng(header)) return decodePlainPng(header);
    const decode = squoosh ?? createSquooshPng(module);
    // Kept only once it has come back whole: after a trap its heap and stack are in no known state.
    squoosh = null;
    const picture = decode(essentialPng(bytes, header));
    squoosh = decode;
    return picture;
  };
}

function essentialPng(bytes: Uint8Array, { essentialChunks }: PngHeader): Uint8Array {
  const signature = bytes.subarray(0, 8);
  return joinBytes([signature, ...essentialChunks]);
}
