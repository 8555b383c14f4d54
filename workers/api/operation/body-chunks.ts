import { ApiFailure, invalidJson, payloadTooLarge } from '#shared/contract/errors.ts';

const READ_BYTES = 64 * 1024;
/** What is read of a body that nobody wants any more, and for how long. */
const MOST_DISCARDED_BYTES = 128 * 1024 * 1024;
const LONGEST_DISCARD_MS = 5_000;

export interface BodyKind {
  mediaType: string;
  /** The refusal of a body that is not of this kind, or not whole. */
  malformed(message?: string): ApiFailure;
}

const JSON_BODY: BodyKind = { mediaType: 'application/json', malformed: invalidJson };

/**
 * A body as it arrives: at most `maxBytes`, whatever the headers claim, and nothing is read beyond. All chunks share one
 * block of memory, so each is good until the next is asked for; otherwise a large body would leave its size in garbage.
 */
export function bodyChunks(request: Request, maxBytes: number, kind = JSON_BODY): AsyncGenerator<Uint8Array> {
  if (mediaType(request) !== kind.mediaType) {
    throw new ApiFailure({ code: 'unsupported_media_type', message: `Content-Type must be ${kind.mediaType}` });
  }
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) throw kind.malformed();
  return limitedChunks(request.body, maxBytes, kind);
}

async function* limitedChunks(body: ReadableStream, maxBytes: number, kind: BodyKind): AsyncGenerator<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' });
  try {
    let received = 0;
    for await (const chunk of chunksOf(reader, kind)) {
      received += chunk.length;
      if (received > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } finally {
    reader.releaseLock();
  }
}

function tooLarge(maxBytes: number): ApiFailure {
  return payloadTooLarge(`The body is over the limit of ${maxBytes} bytes`);
}

/**
 * Reads what is left of a body on which the answer is known already. Without that the connection is reset under a client
 * that is still sending, and it never sees the answer. There is an end to this patience, in bytes and in time.
 */
export async function discardBody({ body }: Request): Promise<void> {
  if (body === null || body.locked) return;
  const reader = body.getReader({ mode: 'byob' });
  // Cancelled, the reader says that it is done.
  const cancel = () => reader.cancel().catch(() => undefined);
  const timer = setTimeout(cancel, LONGEST_DISCARD_MS);
  let discarded = 0;
  try {
    for await (const chunk of chunksOf(reader)) {
      discarded += chunk.length;
      if (discarded > MOST_DISCARDED_BYTES) break;
    }
  } catch {
    // It has broken off, which ends it as well.
  } finally {
    clearTimeout(timer);
    await cancel();
  }
}

async function* chunksOf(reader: ReadableStreamBYOBReader, kind = JSON_BODY): AsyncGenerator<Uint8Array> {
  let block: ArrayBufferLike = new ArrayBuffer(READ_BYTES);
  for (;;) {
    const { done, value } = await readChunk(reader, new Uint8Array(block), kind);
    if (done || value === undefined) return;
    yield value;
    block = value.buffer;
  }
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** A client that goes away in the middle of its body is no fault of ours. */
async function readChunk(reader: ReadableStreamBYOBReader, block: Uint8Array, kind: BodyKind) {
  try {
    return await reader.read(block);
  } catch {
    throw kind.malformed('The body broke off');
  }
}
