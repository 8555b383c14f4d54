import type { z } from 'zod';
import { invalidField } from '#shared/contract/errors.ts';
import { type BodyKind, bodyChunks } from './body-chunks.ts';
import { boundaryOf, invalidForm, type PartHead } from './multipart-headers.ts';
import { type FormPiece, MultipartSplitter } from './multipart-splitter.ts';
import { Streamed } from './streamed-body.ts';

const FORM_BODY = { mediaType: 'multipart/form-data', malformed: invalidForm } satisfies BodyKind;

export interface FormPart extends PartHead {
  /** To be read, or not, before the next part is asked for. Each chunk is good until the next. */
  body: AsyncIterable<Uint8Array>;
}

/** A form, part by part as it arrives. */
export class StreamedForm extends Streamed<FormPart> {
  readonly mediaType = FORM_BODY.mediaType;
  /** The media types of the fields that are files, for the reference. */
  readonly files: Readonly<Record<string, string>>;

  constructor(schema: z.ZodType, maxBytes: number, files: Readonly<Record<string, string>>) {
    super(schema, maxBytes);
    this.files = files;
  }

  open(request: Request): AsyncGenerator<FormPart> {
    const chunks = bodyChunks(request, this.maxBytes, FORM_BODY);
    return formParts(chunks, boundaryOf(request.headers.get('content-type')));
  }
}

export async function* formParts(chunks: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<FormPart> {
  const pieces = piecesOf(chunks, new MultipartSplitter(boundary));
  try {
    for (;;) {
      const piece = await next(pieces);
      if (piece.kind === 'close') return;
      // What was not read of the part before.
      if (piece.kind !== 'head') continue;
      const turn = { isOver: false };
      yield { ...piece.head, body: bodyOf(pieces, turn) };
      turn.isOver = true;
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** A field that is text, whole. */
export async function readField({ name, body }: FormPart, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let length = 0;
  let text = '';
  for await (const bytes of body) {
    length += bytes.length;
    if (length > maxBytes) throw invalidField(name, `${name} must be at most ${maxBytes} bytes`);
    text += decodeOrFail(name, () => decoder.decode(bytes, { stream: true }));
  }
  return text + decodeOrFail(name, () => decoder.decode());
}

function decodeOrFail(name: string, decode: () => string): string {
  try {
    return decode();
  } catch {
    throw invalidField(name, `${name} must be UTF-8`);
  }
}

async function* bodyOf(pieces: AsyncGenerator<FormPiece>, turn: { isOver: boolean }): AsyncGenerator<Uint8Array> {
  for (;;) {
    // An end would make half a file look whole.
    if (turn.isOver) throw new Error('This part was left for the next one');
    const piece = await next(pieces);
    if (piece.kind !== 'data') return;
    yield piece.bytes;
  }
}

async function next(pieces: AsyncGenerator<FormPiece>): Promise<FormPiece> {
  const { done, value } = await pieces.next();
  // Only after a failure that somebody has swallowed: a form that is whole ends with `close`.
  if (done) throw invalidForm();
  return value;
}

async function* piecesOf(chunks: AsyncIterable<Uint8Array>, splitter: MultipartSplitter): AsyncGenerator<FormPiece> {
  for await (const chunk of chunks) {
    for (const piece of splitter.push(chunk)) yield piece;
  }
  splitter.end();
}
