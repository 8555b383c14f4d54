import { invalidJson } from '#shared/contract/errors.ts';
import { bodyChunks } from './body-chunks.ts';

/** For bodies small enough to be held whole. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let text = '';
  for await (const chunk of bodyChunks(request, maxBytes)) {
    text += decodeOrFail(() => decoder.decode(chunk, { stream: true }));
  }
  return text + decodeOrFail(() => decoder.decode());
}

function decodeOrFail(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw invalidJson();
  }
}
