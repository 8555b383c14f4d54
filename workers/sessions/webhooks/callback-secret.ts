import { encodeBase64 } from 'hono/utils/encode';
import { SECRET_BYTES, SECRET_PREFIX } from './webhook-secret.ts';

const encoder = new TextEncoder();
const BITS_PER_BYTE = 8;

/** Derived, never stored: what a session's callback is signed with is the same at its creation and at each delivery. */
export async function callbackSecretOf(dataKey: string, sessionId: string): Promise<string> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(dataKey), 'HKDF', false, ['deriveBits']);
  const info = encoder.encode(`webhook callback secret ${sessionId}`);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    material,
    SECRET_BYTES * BITS_PER_BYTE,
  );
  return `${SECRET_PREFIX}${encodeBase64(bits)}`;
}
