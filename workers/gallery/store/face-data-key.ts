import { Buffer } from 'node:buffer';

const KEY_BYTES = 32;
/** The key of local development, which everybody knows: with it, faces would be sealed from nobody. */
export const LOCAL_FACE_DATA_KEY = 'bG9jYWwta2V5LW9mLWZhY2VzLWtub3duLXRvLWFsbCE=';
const HOW = 'it must be 32 random bytes in base64, as `openssl rand -base64 32` prints them';

export interface FaceDataEnv {
  FACE_DATA_KEY?: string;
  ENVIRONMENT?: string;
}

/** The key that all face data is sealed under. The message names the variable, never its value. */
export function readFaceDataKey({ FACE_DATA_KEY: value, ENVIRONMENT }: FaceDataEnv): Uint8Array {
  if (value === undefined || value === '') throw new Error(`FACE_DATA_KEY is not set: ${HOW}`);
  if (value === LOCAL_FACE_DATA_KEY && ENVIRONMENT !== 'development') {
    throw new Error(`FACE_DATA_KEY is the local one: ${HOW}`);
  }
  const bytes = Buffer.from(value, 'base64');
  // Buffer passes over what is no base64; written back, it must be the same.
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== value) {
    throw new Error(`FACE_DATA_KEY is no key: ${HOW}`);
  }
  return bytes;
}
