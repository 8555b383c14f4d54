import { createHash } from 'node:crypto';
import { ApiFailure, payloadTooLarge } from '../contract/errors.ts';

/** The least that R2 takes for any part but the last: two of these are in memory, and the isolate is shared with others. */
export const PART_BYTES = 5 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

export interface StoredUpload {
  sizeBytes: number;
  /** In hex. */
  sha256: string;
}

/**
 * Streams a file to R2, or leaves nothing behind. That takes a key which is nobody else's, in this attempt alone: it is
 * deleted when the attempt fails. Zero bytes are stored like any others.
 */
export async function storeUpload(
  bucket: R2Bucket,
  key: string,
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredUpload> {
  const upload = new Upload(bucket, key);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw payloadTooLarge(`The file is over the limit of ${maxBytes} bytes`);
      hash.update(chunk);
      await upload.write(chunk);
    }
    await upload.finish();
  } catch (error) {
    await upload.discard();
    throw error;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** One object: a plain `put` while it fits one part, else a multipart upload, one part sent while the next is filled. */
class Upload {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #sent: R2UploadedPart[] = [];
  #multipart: R2MultipartUpload | null = null;
  #filling = new Uint8Array(PART_BYTES);
  #filled = 0;
  /** The other block, on its way or free to be filled. */
  #spare: Uint8Array<ArrayBuffer> | null = null;
  #sending: Promise<Sent> | null = null;

  constructor(bucket: R2Bucket, key: string) {
    this.#bucket = bucket;
    this.#key = key;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let at = 0;
    while (at < chunk.length) {
      // A part is sent only when more follows: what is left at the end decides between a put and parts.
      if (this.#filled === PART_BYTES) await this.#sendPart();
      const piece = chunk.subarray(at, at + PART_BYTES - this.#filled);
      this.#filling.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
    }
  }

  async finish(): Promise<void> {
    const rest = this.#filling.subarray(0, this.#filled);
    const multipart = this.#multipart;
    if (multipart === null) {
      await stored(this.#bucket.put(this.#key, rest));
      return;
    }
    await this.#settle();
    this.#sent.push(await stored(multipart.uploadPart(this.#sent.length + 1, rest)));
    await stored(multipart.complete(this.#sent));
  }

  /**
   * Whatever went wrong may have gone right at R2, so both are asked for. A failure here has nobody to be told to; R2 drops
   * unfinished uploads by itself after a week.
   */
  async discard(): Promise<void> {
    await this.#sending;
    await Promise.allSettled([this.#multipart?.abort()]);
    await Promise.allSettled([this.#bucket.delete(this.#key)]);
  }

  async #sendPart(): Promise<void> {
    await this.#settle();
    this.#multipart ??= await stored(this.#bucket.createMultipartUpload(this.#key));
    const part = this.#filling;
    this.#sending = settled(this.#multipart.uploadPart(this.#sent.length + 1, part));
    this.#filling = this.#spare ?? new Uint8Array(PART_BYTES);
    this.#spare = part;
    this.#filled = 0;
  }

  /** R2 reads a block until its part is stored: before that it must not be filled again. */
  async #settle(): Promise<void> {
    const sent = await this.#sending;
    this.#sending = null;
    if (sent === null) return;
    if (!sent.ok) throw unavailable(sent.error);
    this.#sent.push(sent.part);
  }
}

type Sent = { ok: true; part: R2UploadedPart } | { ok: false; error: unknown };

/** Never rejects: while a part is on its way nobody waits for it. */
function settled(sending: Promise<R2UploadedPart>): Promise<Sent> {
  return sending.then(
    (part) => ({ ok: true, part }),
    (error: unknown) => ({ ok: false, error }),
  );
}

async function stored<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): ApiFailure {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  console.error(JSON.stringify({ level: 'error', event: 'upload_not_stored', reason }));
  const message = 'The file could not be stored. Nothing was charged; please send it again.';
  return new ApiFailure({ code: 'service_unavailable', message, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
