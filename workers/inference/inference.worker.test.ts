import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import manifest from '#models/manifest.json' with { type: 'json' };
import { parseManifest } from '#models/manifest.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { createSession, run } from './onnx-runtime.ts';
import { WEIGHTS } from './weights.ts';

// The service binding of the composed Worker: what the gateway calls.
const { INFERENCE } = env as unknown as { INFERENCE: InferenceService };

const random = seededRandom(1);
const noise = (count: number, scale: number) => Float32Array.from({ length: count }, () => random() * scale);
const picture = () => ({ data: noise(3 * 128 * 128, 255), dims: [1, 3, 128, 128] });

// Two CPU cores and 14 MB of WebAssembly: the first call of an isolate can take seconds under test.
vi.setConfig({ testTimeout: 30_000 });

// What makes the queue safe from requests that are cancelled half-way: see `exclusively`. First, to see the start too.
test('starting, loading and running wait for microtasks alone', async () => {
  let ticked = false;
  const tick = new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
    ticked = true;
  });
  const session = await createSession(WEIGHTS['texture-liveness']);
  await run(session, { input: picture() });
  expect(ticked).toBe(false);
  await tick;
  expect(ticked).toBe(true);
});

test('loads the weights that the manifest assigns to this Worker', async () => {
  const { weights, own } = parseManifest(manifest);
  const assigned = [...weights, ...own].filter(({ workers }) => workers.includes('inference'));
  const health = await INFERENCE.loadedWeights();
  expect(health).toEqual({ ok: true, weights: expect.arrayContaining(assigned.map(({ key }) => key)) });
  expect(health.ok && health.weights).toHaveLength(assigned.length);
});

test('leaves WebAssembly as it found it once the runtime is up', async () => {
  await expect(WebAssembly.instantiate(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).rejects.toThrow(
    /disallowed/,
  );
});

// Reference: the same file and input in native onnxruntime 1.30. The three are logits: the softmax is left to the caller.
test('a real run of the texture model agrees with the native runtime', async () => {
  const data = Float32Array.from({ length: 3 * 128 * 128 }, (_, index) => (index * 7919) % 256);
  const session = await createSession(WEIGHTS['texture-liveness']);
  const { output } = await run(session, { input: { data, dims: [1, 3, 128, 128] } });
  expect(output?.dims).toEqual([1, 3]);
  const expected = [0.70261794, 2.7510612, -3.4536428].map((logit) => expect.closeTo(logit, 3));
  expect([...(output?.data ?? [])]).toEqual(expected);
  const exponentials = [...(output?.data ?? [])].map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  const softmax = [0.11417, 0.88404, 0.00179].map((share) => expect.closeTo(share, 3));
  expect(exponentials.map((value) => value / total)).toEqual(softmax);
});

test('runs at once do not mix, and one that fails leaves the others alone', async () => {
  const session = await createSession(WEIGHTS['texture-liveness']);
  const pictures = [picture(), picture()];
  const alone = [];
  for (const one of pictures) alone.push(await run(session, { input: one }));
  const [first, bad, second] = await Promise.allSettled([
    run(session, { input: pictures[0] ?? picture() }),
    run(session, { input: { data: noise(3, 1), dims: [1, 3, 1, 1] } }),
    run(session, { input: pictures[1] ?? picture() }),
  ]);
  expect(bad?.status).toBe('rejected');
  expect([first, second]).toEqual(alone.map((value) => ({ status: 'fulfilled', value })));
});

test('bytes that are no model are refused, and the runtime lives on', async () => {
  await expect(createSession(new ArrayBuffer(64))).rejects.not.toMatchObject({ name: 'RuntimeNotStarted' });
  await expect(createSession(WEIGHTS['face-landmarks'])).resolves.toHaveProperty('inputNames', ['input']);
});
