import { decodeBase64, encodeBase64 } from 'hono/utils/encode';

const encoder = new TextEncoder();
const NONCE_BYTES = 12;

async function keyFrom(secret: string, purpose: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/**
 * Seals text so that only who presents `secret` again can read it (HKDF-SHA-256, then AES-256-GCM). Used for stored
 * answers, some of which hold a fresh API key: the database alone, or a copy of it, must not give that key away.
 */
export async function seal(text: string, secret: string, purpose: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await keyFrom(secret, purpose);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, encoder.encode(text)));
  const joined = new Uint8Array(NONCE_BYTES + sealed.length);
  joined.set(nonce);
  joined.set(sealed, NONCE_BYTES);
  return encodeBase64(joined.buffer);
}

export async function unseal(sealedText: string, secret: string, purpose: string): Promise<string> {
  const joined = decodeBase64(sealedText);
  const key = await keyFrom(secret, purpose);
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: joined.subarray(0, NONCE_BYTES) },
    key,
    joined.subarray(NONCE_BYTES),
  );
  return new TextDecoder().decode(plain);
}
