import { z } from 'zod';
import type { ModelId } from '../../models/registry.ts';
import type { PictureKind } from '../../shared/rpc/inference.ts';

const PATHS: Record<PictureKind, string> = { frame: '/api/v1/fast-check', crop: '/api/v1/fast-check-crops' };
const FRAME_MS = 1000 / 24;
const CHUNK_BYTES = 64 * 1024;

const Answer = z.object({ data: z.object({ real_score: z.number(), processing_ms: z.number() }) });

export interface CheckAnswer {
  tookMs: number;
  processingMs: number;
  realScore: number;
}

/** The same pictures again and again, each time as a check of its own. */
export class CheckRequest {
  readonly #kind: PictureKind;
  readonly #model: ModelId;
  readonly #pictures: Buffer;

  constructor(kind: PictureKind, model: ModelId, pictures: readonly Buffer[]) {
    this.#kind = kind;
    this.#model = model;
    const items = pictures.map((png, index) => ({
      index,
      ...(kind === 'frame' && { timestamp_ms: Math.round(index * FRAME_MS) }),
      pixels: png.toString('base64'),
    }));
    this.#pictures = Buffer.from(JSON.stringify(items));
  }

  /** In one piece, its length announced. */
  async post(baseUrl: string): Promise<CheckAnswer> {
    return await this.#send(baseUrl, this.#body());
  }

  /** In chunks, its length not known before its end. */
  async stream(baseUrl: string): Promise<CheckAnswer> {
    const body = this.#body();
    let at = 0;
    const chunks = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(body.subarray(at, at + CHUNK_BYTES));
        at += CHUNK_BYTES;
        if (at >= body.length) controller.close();
      },
    });
    return await this.#send(baseUrl, chunks);
  }

  get bodyBytes(): number {
    return this.#body().length;
  }

  #body(): Buffer<ArrayBuffer> {
    const members = { session_id: crypto.randomUUID(), model: this.#model, source: 'live' };
    const name = this.#kind === 'frame' ? 'frames' : 'crops';
    const start = `${JSON.stringify(members).slice(0, -1)},"${name}":`;
    return Buffer.concat([Buffer.from(start), this.#pictures, Buffer.from('}')]);
  }

  async #send(baseUrl: string, body: BodyInit): Promise<CheckAnswer> {
    const headers = { 'content-type': 'application/json', 'x-api-key': 'sk-local-acme' };
    // Fetch wants it for a stream; the types do not know it.
    const options = { method: 'POST', headers, body, duplex: 'half' };
    const startedAt = performance.now();
    const response = await fetch(baseUrl + PATHS[this.#kind], options);
    const text = await response.text();
    const tookMs = performance.now() - startedAt;
    if (response.status !== 200) throw new Error(`${PATHS[this.#kind]} answered ${response.status}: ${text}`);
    const { data } = Answer.parse(JSON.parse(text));
    return { tookMs, processingMs: data.processing_ms, realScore: data.real_score };
  }
}
