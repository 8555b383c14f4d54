import { beforeEach, expect, test, vi } from 'vitest';

/** The start of the runtime, with a stand-in for it that asks for its WebAssembly as the real one does. */
const create = vi.fn<(bytes: Uint8Array) => Promise<unknown>>();
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
// One function import that nobody provides: compiles, but gives no instance.
const NEEDY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0]);

const compiled = vi.hoisted(() => ({ module: null as unknown }));
vi.mock('onnxruntime-web/ort-wasm-simd-threaded.wasm', () => ({
  get default() {
    return compiled.module;
  },
}));
vi.mock('onnxruntime-web/wasm', () => ({
  env: { wasm: {} },
  InferenceSession: { create: (bytes: Uint8Array) => create(bytes) },
  Tensor: class {},
}));

const original = WebAssembly.instantiate;
const bytes = new ArrayBuffer(4);
// Not `new`: the types are workerd's, which compiles no bytes.
const compile = (wasm: Uint8Array): WebAssembly.Module => Reflect.construct(WebAssembly.Module, [wasm]);
const start = async () => await WebAssembly.instantiate(new Uint8Array(8), {});

async function freshIsolate(wasm: Uint8Array = EMPTY_MODULE) {
  compiled.module = compile(wasm);
  vi.resetModules();
  return await import('./onnx-runtime.ts');
}

beforeEach(() => {
  create.mockReset();
  return () => expect(WebAssembly.instantiate).toBe(original);
});

test('answers the runtime with the module compiled ahead, once, and puts the global back at once', async () => {
  const { createSession } = await freshIsolate();
  create.mockImplementation(async () => {
    expect(await start()).toMatchObject({ module: compiled.module, instance: expect.any(WebAssembly.Instance) });
    expect(WebAssembly.instantiate).toBe(original);
    return 'session';
  });
  expect(await createSession(bytes)).toBe('session');
  create.mockImplementation(() => {
    expect(WebAssembly.instantiate).toBe(original);
    return Promise.resolve('second');
  });
  expect(await createSession(bytes)).toBe('second');
  create.mockRejectedValue(new Error('no model'));
  await expect(createSession(bytes)).rejects.toThrow('no model');
});

test('lets other code instantiate its own modules in the meantime', async () => {
  const { createSession } = await freshIsolate();
  create.mockImplementation(async () => {
    const other = compile(EMPTY_MODULE);
    expect(await WebAssembly.instantiate(other, {})).toBeInstanceOf(WebAssembly.Instance);
    return await start();
  });
  await createSession(bytes);
});

test('puts the global back when the runtime fails before it asks', async () => {
  const { createSession } = await freshIsolate();
  create.mockRejectedValue(new Error('no backend'));
  await expect(createSession(bytes)).rejects.toMatchObject({
    name: 'RuntimeNotStarted',
    cause: { message: 'no backend' },
  });
});

test('a module that gives no instance is a start that failed', async () => {
  const { createSession } = await freshIsolate(NEEDY_MODULE);
  create.mockImplementation(start);
  await expect(createSession(bytes)).rejects.toMatchObject({ name: 'RuntimeNotStarted' });
});

test('one after the other, in order, and the next one comes in after a failure', async () => {
  const { createSession } = await freshIsolate();
  let inside = 0;
  create.mockImplementation(async () => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    inside -= 1;
    if (create.mock.calls.length === 2) throw new Error('the second fails');
    return create.mock.calls.length;
  });
  const outcomes = await Promise.allSettled([createSession(bytes), createSession(bytes), createSession(bytes)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
