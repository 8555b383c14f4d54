import { encodeBase64Url } from 'hono/utils/encode';

const encoder = new TextEncoder();

export async function sha256(content: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export async function sha256Hex(content: string | Uint8Array): Promise<string> {
  return Array.from(await sha256(content), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Compares digests, so that neither length nor content shows in the time. */
export async function equalSecrets(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([sha256(left), sha256(right)]);
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

export function randomToken(byteLength: number): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(byteLength)).buffer).replace(/=+$/, '');
}
