import { env } from 'cloudflare:workers';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from '../contract/errors.ts';
import { PART_BYTES, storeUpload } from './store-upload.ts';

const bucket = env.VIDEOS;
const MIB = 1024 * 1024;
const MOST_BYTES = 100_000_000;

afterEach(() => vi.restoreAllMocks());

/** Not the same at any two places near each other, so that no two parts could be taken for one another. */
function bytesOf(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = at ^ (at >> 8) ^ (at >> 16);
  return bytes;
}

/** One block for all chunks, overwritten as soon as the next is asked for, as on a real connection. */
async function* chunksOf(bytes: Uint8Array, size = 60_001): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    block.set(chunk);
    yield block.subarray(0, chunk.length);
    block.fill(0);
  }
}

async function* broken(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes);
  throw new Error('the connection is gone');
}

/** The bucket, some of its work replaced, and what was begun and ended of multipart uploads. */
function watched(replaced: Partial<R2MultipartUpload> & { put?: R2Bucket['put'] } = {}) {
  const seen = { begun: 0, parts: 0, aborted: 0, completed: 0, puts: 0, mostAtOnce: 0, ids: [] as string[] };
  let now = 0;
  const watch = (upload: R2MultipartUpload): R2MultipartUpload => ({
    key: upload.key,
    uploadId: upload.uploadId,
    uploadPart: async (...given) => {
      now += 1;
      seen.parts += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, now);
      try {
        // Longer than the next chunks take: what they are written to must not be what is read here.
        await scheduler.wait(20);
        return await (replaced.uploadPart ?? upload.uploadPart.bind(upload))(...given);
      } finally {
        now -= 1;
      }
    },
    abort: () => {
      seen.aborted += 1;
      return (replaced.abort ?? upload.abort.bind(upload))();
    },
    complete: (parts) => {
      seen.completed += 1;
      return (replaced.complete ?? upload.complete.bind(upload))(parts);
    },
  });
  const proxy = new Proxy(bucket, {
    get(target, name) {
      if (name === 'createMultipartUpload') {
        return async (key: string, options?: R2MultipartOptions) => {
          seen.begun += 1;
          const upload = await target.createMultipartUpload(key, options);
          seen.ids.push(upload.uploadId);
          return watch(upload);
        };
      }
      if (name === 'put') {
        seen.puts += 1;
        return replaced.put ?? target.put.bind(target);
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { bucket: proxy, seen };
}

/** R2 lists no open uploads to a Worker, but takes no more parts for one that is closed. */
async function isOpen(key: string, uploadId: string): Promise<boolean> {
  const sent = bucket.resumeMultipartUpload(key, uploadId).uploadPart(1, new Uint8Array(1));
  return await sent.then(
    () => true,
    () => false,
  );
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error instanceof ApiFailure ? error.error.code : (error as Error).message;
  }
  return 'no failure';
}

describe('an upload', () => {
  it.each([
    ['nothing', 0, 0],
    ['one byte', 1, 0],
    ['one part', PART_BYTES, 0],
    ['one part and a byte', PART_BYTES + 1, 2],
    ['two parts', 2 * PART_BYTES, 2],
    ['30 MB and a bit', 30 * MIB + 12_345, 7],
  ])('of %s is stored as it came', async (_name, size, parts) => {
    const key = crypto.randomUUID();
    const bytes = bytesOf(size);
    const { bucket: seenBucket, seen } = watched();
    const stored = await storeUpload(seenBucket, key, chunksOf(bytes), MOST_BYTES);
    expect(stored).toEqual({ sizeBytes: size, sha256: createHash('sha256').update(bytes).digest('hex') });
    const object = await bucket.get(key);
    expect(object?.size).toBe(size);
    expect(
      createHash('sha256')
        .update(new Uint8Array((await object?.arrayBuffer()) ?? []))
        .digest('hex'),
    ).toBe(stored.sha256);
    expect([seen.begun, seen.completed, seen.aborted, seen.puts]).toEqual(parts === 0 ? [0, 0, 0, 1] : [1, 1, 0, 0]);
    expect([seen.parts, seen.mostAtOnce]).toEqual([parts, parts === 0 ? 0 : 1]);
  });

  it('takes chunks of any size, also larger than a part', async () => {
    const bytes = bytesOf(12 * MIB);
    const key = crypto.randomUUID();
    const { sha256 } = await storeUpload(bucket, key, chunksOf(bytes, 11 * MIB), MOST_BYTES);
    const object = await bucket.get(key);
    expect(
      createHash('sha256')
        .update(new Uint8Array((await object?.arrayBuffer()) ?? []))
        .digest('hex'),
    ).toBe(sha256);
  });

  it('may be as large as the limit', async () => {
    const stored = await storeUpload(bucket, crypto.randomUUID(), chunksOf(bytesOf(1000)), 1000);
    expect(stored.sizeBytes).toBe(1000);
  });
});

describe('an upload that fails', () => {
  it('would be found if it stayed open', async () => {
    const { key, uploadId } = await bucket.createMultipartUpload(crypto.randomUUID());
    expect(await isOpen(key, uploadId)).toBe(true);
  });

  const unavailable = () => Promise.reject(new Error('R2 is away'));

  it.each([
    ['small and broken off', 1000, broken, MOST_BYTES, 'the connection is gone'],
    ['broken off between parts', 12 * MIB, broken, MOST_BYTES, 'the connection is gone'],
    ['over the limit in its first part', 2000, chunksOf, 1999, 'payload_too_large'],
    ['over the limit in a later part', 11 * MIB, chunksOf, 11 * MIB - 1, 'payload_too_large'],
  ] as const)('leaves nothing behind: %s', async (_name, size, source, mostBytes, failure) => {
    const key = crypto.randomUUID();
    const { bucket: seenBucket, seen } = watched();
    expect(await failureOf(storeUpload(seenBucket, key, source(bytesOf(size)), mostBytes))).toBe(failure);
    expect(await bucket.head(key)).toBeNull();
    expect([seen.completed, seen.aborted]).toEqual([0, seen.begun]);
    expect(seen.begun).toBe(size > PART_BYTES ? 1 : 0);
    for (const id of seen.ids) expect(await isOpen(key, id)).toBe(false);
  });

  it.each([
    ['the put', 10, { put: unavailable }],
    ['a part', 12 * MIB, { uploadPart: unavailable }],
    ['the end', 12 * MIB, { complete: unavailable }],
  ])('because of R2 is told as such, and leaves nothing behind: %s', async (_name, size, replaced) => {
    const key = crypto.randomUUID();
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { bucket: seenBucket, seen } = watched(replaced);
    expect(await failureOf(storeUpload(seenBucket, key, chunksOf(bytesOf(size)), MOST_BYTES))).toBe(
      'service_unavailable',
    );
    expect(log.mock.calls.flat().join()).toContain('R2 is away');
    expect(await bucket.head(key)).toBeNull();
    expect(seen.aborted).toBe(seen.begun);
    for (const id of seen.ids) expect(await isOpen(key, id)).toBe(false);
  });

  it('may have succeeded at R2: then that goes as well', async () => {
    const key = crypto.randomUUID();
    vi.spyOn(console, 'error').mockReturnValue();
    const put: R2Bucket['put'] = async (...given: Parameters<R2Bucket['put']>) => {
      await bucket.put(...given);
      throw new Error('R2 is away');
    };
    expect(await failureOf(storeUpload(watched({ put }).bucket, key, chunksOf(bytesOf(10)), MOST_BYTES))).toBe(
      'service_unavailable',
    );
    expect(await bucket.head(key)).toBeNull();
  });

  it('tells its first failure when cleaning up fails too', async () => {
    const { bucket: seenBucket } = watched({ abort: unavailable });
    const upload = storeUpload(seenBucket, crypto.randomUUID(), broken(bytesOf(6 * MIB)), MOST_BYTES);
    expect(await failureOf(upload)).toBe('the connection is gone');
  });

  it('reads no more of the file than one part after the one that failed', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    let given = 0;
    async function* counted() {
      for await (const chunk of chunksOf(bytesOf(60 * MIB), 64 * 1024)) {
        given += chunk.length;
        yield chunk;
      }
    }
    await failureOf(
      storeUpload(watched({ uploadPart: unavailable }).bucket, crypto.randomUUID(), counted(), MOST_BYTES),
    );
    expect(given).toBeLessThan(3 * PART_BYTES);
  });
});
