import { Buffer } from 'node:buffer';

const KEY_BYTES = 32;
const HOW = 'it must be 32 random bytes in base64, as `openssl rand -base64 32` prints them';

export interface DataKeySetting {
  /** Of the variable. Messages hold it, and never its value. */
  name: string;
  value: string | undefined;
  /** The key of local development, which everybody knows: with it, what is kept would be sealed from nobody. */
  localValue: string;
  environment: string | undefined;
}

/** A key that kept data is sealed under, or an error: nothing is ever kept under a weaker one. */
export function readDataKey({ name, value, localValue, environment }: DataKeySetting): {
  bytes: Uint8Array;
  text: string;
} {
  if (value === undefined || value === '') throw new Error(`${name} is not set: ${HOW}`);
  if (value === localValue && environment !== 'development') throw new Error(`${name} is the local one: ${HOW}`);
  const bytes = Buffer.from(value, 'base64');
  // Buffer passes over what is no base64; written back, it must be the same.
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== value) throw new Error(`${name} is no key: ${HOW}`);
  return { bytes, text: value };
}
