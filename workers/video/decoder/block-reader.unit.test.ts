import { describe, expect, it } from 'vitest';
import { blockReader } from './block-reader.ts';
import { BLOCK_BYTES, CACHED_BLOCKS, maxBlockLoads } from './clip-limits.ts';

/** A file whose n-th block is filled with n. */
function numberedFile(sizeBytes: number) {
  const reads: [offset: number, length: number][] = [];
  const read = async (offset: number, length: number) => {
    reads.push([offset, length]);
    return new Uint8Array(length).fill(offset / BLOCK_BYTES);
  };
  return { sizeBytes, read, reads };
}

describe('blockReader', () => {
  it('reads whole blocks, and the last as far as it goes', async () => {
    const file = numberedFile(BLOCK_BYTES + 10);
    const reader = blockReader(file);
    expect(reader.cached(BLOCK_BYTES + 4, 100)).toBeNull();
    await reader.load(BLOCK_BYTES + 4);
    expect(file.reads).toEqual([[BLOCK_BYTES, 10]]);
    expect(reader.cached(BLOCK_BYTES + 4, 100)).toEqual(new Uint8Array(6).fill(1));
  });

  it('answers up to the end of a block', async () => {
    const reader = blockReader(numberedFile(3 * BLOCK_BYTES));
    await reader.load(0);
    expect(reader.cached(BLOCK_BYTES - 3, 10)).toHaveLength(3);
    expect(reader.cached(100, 10)).toHaveLength(10);
  });

  it('keeps the blocks used last', async () => {
    const reader = blockReader(numberedFile(10 * BLOCK_BYTES));
    for (let block = 0; block < CACHED_BLOCKS; block++) await reader.load(block * BLOCK_BYTES);
    reader.cached(0, 1);
    await reader.load(CACHED_BLOCKS * BLOCK_BYTES);
    expect(reader.cached(0, 1)).not.toBeNull();
    expect(reader.cached(BLOCK_BYTES, 1)).toBeNull();
  });

  it('rejects as the store does, and remembers why', async () => {
    const down = new Error('the store is down');
    const reader = blockReader({ sizeBytes: 10, read: () => Promise.reject(down) });
    expect(reader.failure()).toBeNull();
    await expect(reader.load(0)).rejects.toBe(down);
    expect(reader.failure()).toEqual({ reason: down });
  });

  it('takes a short answer for a failure of the store, not for the end of the file', async () => {
    const reader = blockReader({ sizeBytes: 10, read: async () => new Uint8Array(9) });
    await expect(reader.load(0)).rejects.toThrow('read 9 bytes at 0 instead of 10');
  });

  it('refuses a file that is read without end', async () => {
    const reader = blockReader(numberedFile(10));
    for (let loads = 0; loads < maxBlockLoads(10); loads++) await reader.load(0);
    await expect(reader.load(0)).rejects.toMatchObject({ name: 'VideoRefused', problem: 'damaged' });
  });
});
