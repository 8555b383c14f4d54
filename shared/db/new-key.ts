import { randomToken, sha256Hex } from '../lib/hash.ts';

const KEY_BYTES = 32;
const PREFIX_LENGTH = 'sk-'.length + 6;

/** A new key, its secret and the parts of it that are kept. */
export async function mintKey(): Promise<{ key: string; keyHash: string; prefix: string }> {
  const key = `sk-${randomToken(KEY_BYTES)}`;
  return { key, keyHash: await sha256Hex(key), prefix: key.slice(0, PREFIX_LENGTH) };
}
