import type { z } from 'zod';
import { bodyChunks } from './body-chunks.ts';

/**
 * A body that cannot be held in memory. The operation gets it as it arrives and checks it by itself; `schema` is what it
 * checks by, and what the reference shows.
 */
export abstract class Streamed<Item = unknown> {
  abstract readonly mediaType: string;
  readonly schema: z.ZodType;
  readonly maxBytes: number;

  constructor(schema: z.ZodType, maxBytes: number) {
    this.schema = schema;
    this.maxBytes = maxBytes;
  }

  abstract open(request: Request): AsyncGenerator<Item>;
}

export class StreamedBody extends Streamed<Uint8Array> {
  readonly mediaType = 'application/json';

  open(request: Request): AsyncGenerator<Uint8Array> {
    return bodyChunks(request, this.maxBytes);
  }
}
