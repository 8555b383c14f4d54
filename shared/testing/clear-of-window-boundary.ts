const ROOM_MS = 20_000;

/**
 * Waits, at most twenty seconds, until the fixed window that the clock is in has twenty seconds left. The sliding window of
 * `@upstash/ratelimit` weighs two fixed windows against each other, so a test that counts exactly has to keep within one:
 * across the boundary the library frees a slot or two as it should, and "exactly" would depend on when the test ran.
 */
export async function clearOfWindowBoundary(windowMs: number): Promise<void> {
  const left = windowMs - (Date.now() % windowMs);
  if (left < ROOM_MS) await new Promise((resolve) => setTimeout(resolve, left + 10));
}
