import type { GalleryFailure } from '#shared/rpc/galleries.ts';

/** Whatever goes wrong stands in the log and is `failed` outside: errors do not cross RPC whole, and say too much there. */
export async function orFailed<Result>(
  what: string,
  carryOut: () => Promise<Result>,
): Promise<Result | GalleryFailure> {
  try {
    return await carryOut();
  } catch (error) {
    console.error(`gallery: could not ${what}:`, error instanceof Error ? error.message : 'something was thrown');
    return { ok: false, reason: 'failed' };
  }
}
