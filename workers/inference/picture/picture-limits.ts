/** Below this a face holds too few pixels to judge; also what keeps 1x1 pictures out. */
export const MIN_SIDE_PIXELS = 64;
export const MAX_SIDE_PIXELS = 4096;
/** 16 MiB of RGBA: an isolate has 128 MiB, for the models too. */
export const MAX_PIXELS = 4_194_304;
/** The side of a crop, exactly. */
export const CROP_SIDE_PIXELS = 224;
/** More than the largest permitted picture needs in any of the formats, 16 bits a channel aside. */
export const MAX_ENCODED_BYTES = 20 * 2 ** 20;
/** Every scan of a progressive JPEG passes over the whole picture. Encoders write about ten. */
export const MAX_JPEG_SCANS = 32;
