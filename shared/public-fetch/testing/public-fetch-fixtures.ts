import type { PublicFetchLimits } from '../fetch-public.ts';
import type { ResolveHost } from '../resolve-host.ts';

export const PUBLIC_ADDRESS = '93.184.215.14';

export const LIMITS: PublicFetchLimits = {
  maxBytes: 1_000,
  totalTimeoutMs: 5_000,
  mostRedirects: 3,
  acceptsType: (contentType) => contentType === 'video/mp4',
};

/** Every name leads to a public address, but for those given. */
export function resolvingTo(addresses: Record<string, string[]> = {}): ResolveHost {
  return async (host) => ({ ok: true, addresses: addresses[host] ?? [PUBLIC_ADDRESS] });
}

/** All bytes of a body, or what it ended with. */
export async function readAll(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** How a body fails, and how much of it came before. */
export async function readUntilFailure(
  body: ReadableStream<Uint8Array>,
): Promise<{ receivedBytes: number; failure: unknown }> {
  let receivedBytes = 0;
  try {
    for await (const chunk of body) receivedBytes += chunk.byteLength;
  } catch (failure) {
    return { receivedBytes, failure };
  }
  return { receivedBytes, failure: null };
}
