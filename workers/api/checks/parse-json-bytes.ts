import { invalidJson } from '#shared/contract/errors.ts';

/** `ending` closes what the bytes leave open. A byte order mark is no JSON, wherever it stands. */
export function parseJsonBytes(bytes: Uint8Array, ending = ''): unknown {
  try {
    // A decoder of its own each time: one that has failed must not carry half a character into the next text.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) + ending);
  } catch {
    throw invalidJson();
  }
}
