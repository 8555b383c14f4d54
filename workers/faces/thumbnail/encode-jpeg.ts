import encoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import { createJpegEncoder } from './create-jpeg-encoder.ts';

/** Makes a JPEG in workerd. */
export const encodeJpeg = createJpegEncoder(encoder);
