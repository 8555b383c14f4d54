import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm';
import { createCodecs } from './create-codecs.ts';
import { createPictureDecoder } from './create-picture-decoder.ts';

/** Decodes a picture in workerd. Never throws, and a bad picture leaves nothing behind for the next. */
export const decodePicture = createPictureDecoder(createCodecs({ png, jpeg, webp }));
