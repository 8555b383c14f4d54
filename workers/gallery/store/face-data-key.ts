import { Buffer } from 'node:buffer';

const KEY_BYTES = 32;
const HOW = 'it must be 32 random bytes in base64, as `openssl rand -base64 32` prints them';

/** The key that all face data is sealed under. The message names the variable, never its value. */
export function readFaceDataKey(value: string | undefined): Uint8Array {
  if (value === undefined || value === '') throw new Error(`FACE_DATA_KEY is not set: ${HOW}`);
  const bytes = Buffer.from(value, 'base64');
  // Buffer passes over what is no base64; written back, it must be the same.
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== value) {
    throw new Error(`FACE_DATA_KEY is no key: ${HOW}`);
  }
  return bytes;
}
