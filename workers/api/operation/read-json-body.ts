import { ApiFailure } from '#shared/contract/errors.ts';

/** Reads at most `maxBytes`, whatever the headers claim, and stops reading there. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  if (mediaType(request) !== 'application/json') {
    throw new ApiFailure({ code: 'unsupported_media_type', message: 'Content-Type must be application/json' });
  }
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    new ApiFailure({ code: 'payload_too_large', message: `The body is over the limit of ${maxBytes} bytes` });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) throw invalidJson();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const reader = request.body.getReader();
  let received = 0;
  let text = '';
  for (;;) {
    const { done, value } = await readChunk(reader);
    if (done) break;
    received += value.byteLength;
    if (received > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decodeOrFail(() => decoder.decode(value, { stream: true }));
  }
  return text + decodeOrFail(() => decoder.decode());
}

/** A client that goes away in the middle of its body is no fault of ours. */
async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new ApiFailure({ code: 'invalid_json', message: 'The body broke off' });
  }
}

function decodeOrFail(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw invalidJson();
  }
}

function invalidJson(): ApiFailure {
  return new ApiFailure({ code: 'invalid_json', message: 'The body is not valid JSON' });
}
