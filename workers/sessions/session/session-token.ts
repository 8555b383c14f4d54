import { decodeBase64Url, encodeBase64Url } from 'hono/utils/encode';
import { z } from 'zod';

/** What a verification token says: whose session it opens, and until when. */
export interface TokenClaims {
  sessionId: string;
  expiresAtMs: number;
}

const PREFIX = 'vst_';
const LONGEST = 512;
const Claims = z.tuple([z.uuid(), z.int().positive()]);
const encoder = new TextEncoder();

/** The same claims give the same token, so none is stored. */
export async function mintSessionToken({ sessionId, expiresAtMs }: TokenClaims, secret: string): Promise<string> {
  const payload = base64Url(new Uint8Array(encoder.encode(JSON.stringify([sessionId, expiresAtMs]))));
  const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), encoder.encode(PREFIX + payload));
  return `${PREFIX}${payload}.${base64Url(new Uint8Array(signature))}`;
}

/** null unless we have signed it. Whether it is over is for the caller to say. */
export async function readSessionToken(token: string, secret: string): Promise<TokenClaims | null> {
  if (token.length > LONGEST) return null;
  const [, payload, signature] = /^vst_([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  if (payload === undefined || signature === undefined) return null;
  try {
    const key = await keyOf(secret);
    const isOurs = await crypto.subtle.verify('HMAC', key, bytesOf(signature), encoder.encode(PREFIX + payload));
    if (!isOurs) return null;
    const [sessionId, expiresAtMs] = Claims.parse(JSON.parse(new TextDecoder().decode(decodeBase64Url(payload))));
    return { sessionId, expiresAtMs };
  } catch {
    return null;
  }
}

function keyOf(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign', 'verify']);
}

/** A copy: what the decoder gives is typed as if it might be shared. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(decodeBase64Url(text));
}

function base64Url(bytes: Uint8Array<ArrayBuffer>): string {
  return encodeBase64Url(bytes.buffer).replace(/=+$/, '');
}
