import { LRUCache } from 'lru-cache';
import type { ByteSource } from './byte-source.ts';
import { BLOCK_BYTES, CACHED_BLOCKS, maxBlockLoads } from './clip-limits.ts';
import { VideoRefused } from './video-refused.ts';

export interface BlockReader {
  readonly sizeBytes: number;
  /** Bytes from `offset` on, at most `length`, at least one; null when they must be loaded first. */
  cached(offset: number, length: number): Uint8Array | null;
  /** Rejects as the source does. */
  load(offset: number): Promise<void>;
  /** Why the last load failed. It cannot be told from what comes out of the WebAssembly that it was thrown through. */
  failure(): { reason: unknown } | null;
}

/** Between a decoder that reads here and there and a store that charges for every read: the last few MiB of the file. */
export function blockReader(source: ByteSource): BlockReader {
  const blocks = new LRUCache<number, Uint8Array>({ max: CACHED_BLOCKS });
  const maxLoads = maxBlockLoads(source.sizeBytes);
  let loads = 0;
  let failure: { reason: unknown } | null = null;

  async function loadBlock(offset: number): Promise<void> {
    loads++;
    if (loads > maxLoads) throw new VideoRefused('damaged', 'The video is laid out so that reading it does not end.');
    const index = Math.floor(offset / BLOCK_BYTES);
    const start = index * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, source.sizeBytes - start);
    const bytes = await source.read(start, length);
    if (bytes.length !== length) throw new Error(`read ${bytes.length} bytes at ${start} instead of ${length}`);
    blocks.set(index, bytes);
  }

  return {
    sizeBytes: source.sizeBytes,
    cached(offset, length) {
      const block = blocks.get(Math.floor(offset / BLOCK_BYTES));
      if (block === undefined) return null;
      const start = offset % BLOCK_BYTES;
      return block.subarray(start, Math.min(start + length, block.length));
    },
    async load(offset) {
      try {
        await loadBlock(offset);
      } catch (reason) {
        failure = { reason };
        throw reason;
      }
    },
    failure: () => failure,
  };
}
