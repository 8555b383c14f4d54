import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SeededWorker, startSeededWorker } from '#shared/testing/start-seeded-worker.ts';

const MIB = 1024 * 1024;
const MOST_GROWTH_BYTES = 64 * MIB;
/** A 640x480 frame of a camera as PNG. */
const PICTURE_BYTES = 300_000;

let worker: SeededWorker;
beforeAll(async () => {
  worker = await startSeededWorker({ main: 'shared/testing/gateway-with-stub.ts' });
});
afterAll(() => worker.close());

function post(body: BodyInit, options: RequestInit = {}): Promise<Response> {
  return fetch(new URL('/api/v1/fast-check', worker.url), {
    method: 'POST',
    headers: { 'x-api-key': 'sk-local-acme', 'content-type': 'application/json' },
    body,
    ...options,
  });
}

function bodyOf(model: string, count: number, members: object = {}, pictureBytes = PICTURE_BYTES): string {
  const pixels = randomBytes(pictureBytes).toString('base64');
  const frames = Array.from({ length: count }, (_, index) => ({ index, timestamp_ms: index * 33, pixels }));
  return JSON.stringify({ session_id: crypto.randomUUID(), model, source: 'live', ...members, frames });
}

const check = async (model: string, count: number): Promise<unknown> => (await post(bodyOf(model, count))).json();

const stateOf = (sessionId: string) =>
  worker.database
    .prepare('SELECT state FROM verifications WHERE session_id = ?')
    .bind(sessionId)
    .first<string>('state');

const succeeded = (frames: number) => ({ success: true, data: { frames_processed: frames } });

// Peak memory is told by Linux alone.
it.runIf(process.platform === 'linux')('a body of 120 whole frames never sits in memory', async () => {
  // What the first check of a process costs is not what is asked.
  for (let i = 0; i < 5; i++) expect(await check('10', 10)).toMatchObject(succeeded(10));
  const processes = await workerdProcesses();
  expect(processes).not.toEqual([]);
  for (const id of processes) await writeFile(`/proc/${id}/clear_refs`, '5');
  const before = await sum(processes, 'VmRSS');
  const startedAt = performance.now();
  expect(await check('mixed-120-v2', 120)).toMatchObject(succeeded(120));
  const tookMs = performance.now() - startedAt;
  const growth = (await sum(processes, 'VmHWM')) - before;
  console.info(`120 frames: ${Math.round(tookMs)} ms, peak memory ${(growth / MIB).toFixed(1)} MiB above rest`);
  expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
});

it('a refusal that comes before the end of the body reaches the client', async () => {
  const tooMany = await post(bodyOf('10', 41));
  expect(tooMany.status).toBe(400);
  expect(await tooMany.json()).toMatchObject({ message: 'frames must have at most 40 items' });
  expect((await post(`{"a":"${'x'.repeat(20 * MIB)}"}`)).status).toBe(413);
  expect((await post('x'.repeat(105 * MIB))).status).toBe(413);
  const headers = { 'content-type': 'application/json', 'x-api-key': 'sk-nobody' };
  expect((await post(bodyOf('10', 10), { headers })).status).toBe(401);
});

it('a client that goes away before the end of its body leaves nothing behind', async () => {
  const session_id = crypto.randomUUID();
  const text = bodyOf('10', 10, { session_id });
  const leaving = new AbortController();
  const half = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
    },
  });
  const options = { signal: leaving.signal, duplex: 'half' };
  const sent = post(half, options).catch((error: unknown) => error);
  await expect.poll(() => stateOf(session_id), { timeout: 10_000 }).toBe('running');
  leaving.abort();
  expect(await sent).toBeInstanceOf(Error);
  await expect.poll(() => stateOf(session_id), { timeout: 10_000 }).toBeNull();
  expect((await post(text)).status).toBe(200);
});

it('a client that goes away before the answer finds the verdict later', async () => {
  const session_id = crypto.randomUUID();
  const leaving = new AbortController();
  const text = bodyOf('10', 10, { session_id, fps: 1 }, 1000);
  const sent = post(text, { signal: leaving.signal }).catch((error: unknown) => error);
  await expect.poll(() => stateOf(session_id), { timeout: 10_000 }).toBe('running');
  leaving.abort();
  expect(await sent).toBeInstanceOf(Error);
  await expect.poll(() => stateOf(session_id), { timeout: 10_000 }).toBe('done');
  expect((await post(text)).headers.get('idempotency-replayed')).toBe('true');
});

/** Those that this test run has started. */
async function workerdProcesses(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map(async (id) => ({ id, status: await statusOf(id) })));
  const parents = new Map(found.map(({ id, status }) => [id, /^PPid:\s+(\d+)/m.exec(status)?.[1] ?? '']));
  const isOurs = (id: string): boolean => id === `${process.pid}` || (parents.has(id) && isOurs(parents.get(id) ?? ''));
  return found.filter(({ id, status }) => status.startsWith('Name:\tworkerd') && isOurs(id)).map(({ id }) => id);
}

async function sum(ids: readonly string[], field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const statuses = await Promise.all(ids.map(statusOf));
  const kilobytes = statuses.map((status) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0));
  return kilobytes.reduce((total, one) => total + one, 0) * 1024;
}

function statusOf(id: string): Promise<string> {
  return readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
}
