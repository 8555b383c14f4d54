import { Buffer } from 'node:buffer';

const KEY_BYTES = 32;
/** The key of local development, which everybody knows: with it, what is kept of sessions would be sealed from nobody. */
export const LOCAL_SESSION_DATA_KEY = Buffer.from('local-session-key-known-to-all!!').toString('base64');
const HOW = 'it must be 32 random bytes in base64, as `openssl rand -base64 32` prints them';

export interface SessionDataEnv {
  SESSION_DATA_KEY?: string;
  ENVIRONMENT?: string;
}

/** What webhook secrets, signing keys and face templates are sealed with. The message names the variable, never its value. */
export function readSessionDataKey({ SESSION_DATA_KEY: value, ENVIRONMENT }: SessionDataEnv): string {
  if (value === undefined || value === '') throw new Error(`SESSION_DATA_KEY is not set: ${HOW}`);
  if (value === LOCAL_SESSION_DATA_KEY && ENVIRONMENT !== 'development') {
    throw new Error(`SESSION_DATA_KEY is the local one: ${HOW}`);
  }
  const bytes = Buffer.from(value, 'base64');
  // Buffer passes over what is no base64; written back, it must be the same.
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== value) {
    throw new Error(`SESSION_DATA_KEY is no key: ${HOW}`);
  }
  return value;
}
