import type { z } from 'zod';
import { bodyChunks } from './body-chunks.ts';

/**
 * The body of an operation that cannot be held in memory. The operation gets it as it arrives and checks it by itself;
 * `schema` is what it checks by, and what the reference shows.
 */
export class StreamedBody<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly maxBytes: number;

  constructor(schema: Schema, maxBytes: number) {
    this.schema = schema;
    this.maxBytes = maxBytes;
  }

  open(request: Request): AsyncGenerator<Uint8Array> {
    return bodyChunks(request, this.maxBytes);
  }
}
