import { env } from 'cloudflare:workers';
import { type CallOptions, callJson } from './call-gateway.ts';
import { picture, stubInference } from './stub-inference.ts';

export const ACME = 'sk-local-acme';

export const PATHS = { frames: '/api/v1/fast-check', crops: '/api/v1/fast-check-crops' } as const;

export type Inference = ReturnType<typeof stubInference>;

/** Frames named `frame 0` and so on, as fast-check takes them. */
export function frames(count: number, what = 'frame') {
  return Array.from({ length: count }, (_, index) => ({
    index,
    timestamp_ms: index * 33.3,
    pixels: picture(`${what} ${index}`),
  }));
}

export function crops(count: number, what = 'crop') {
  return frames(count, what).map(({ index, pixels }) => ({ index, pixels }));
}

/** A whole request that is in order, but for what is said otherwise. */
export function checkBody(members: Record<string, unknown> = {}) {
  return { session_id: crypto.randomUUID(), model: '10', frames: frames(10), ...members };
}

export interface CheckOptions extends Pick<CallOptions, 'key' | 'headers'> {
  inference?: Inference;
  database?: D1Database;
}

export function postCheck(body: unknown, options: CheckOptions = {}, path: string = PATHS.frames) {
  const { inference = stubInference(), database = env.DB, key = ACME, headers } = options;
  const bindings = { INFERENCE: inference.service, DB: database };
  return callJson(path, { method: 'POST', key, body, env: bindings, ...(headers && { headers }) });
}

/** The text as a body that comes in chunks of so many bytes; with `breaksOff` it never ends well. */
export function inChunks(text: string, size: number, breaksOff = false): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
      else if (breaksOff) controller.error(new Error('Network connection lost.'));
      else controller.close();
      at += size;
    },
  });
}

/** A promise with its handle, to hold something up with. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

/** Resolves as soon as `isSo`, which some other request is to bring about. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it never came');
}

export async function booksOf(slug = 'acme') {
  const count = (sql: string) =>
    env.DB.prepare(`${sql} WHERE organisation_id = (SELECT id FROM organisations WHERE slug = ?)`)
      .bind(slug)
      .first<number>('n');
  return {
    balance: await env.DB.prepare('SELECT credit_balance AS n FROM organisations WHERE slug = ?')
      .bind(slug)
      .first<number>('n'),
    usageRows: await count('SELECT count(*) AS n FROM usage_events'),
    verifications: await count('SELECT count(*) AS n FROM verifications'),
  };
}
