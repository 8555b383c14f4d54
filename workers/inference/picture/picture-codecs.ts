import type { JpegHeader, PngHeader, WebpHeader } from './picture-header.ts';
import type { RgbaPicture } from './rgba-picture.ts';

/** Turns bytes that passed the probe into pixels. May throw, in any way; leaves nothing broken for the next call when it does. */
export type Codec<Header> = (bytes: Uint8Array, header: Header) => Promise<RgbaPicture>;

export interface PictureCodecs {
  png: Codec<PngHeader>;
  jpeg: Codec<JpegHeader>;
  webp: Codec<WebpHeader>;
}
