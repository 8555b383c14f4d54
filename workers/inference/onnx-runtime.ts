import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { RuntimeNotStarted } from './errors.ts';

/** A loaded model. Opaque: only `run` takes it. */
export type Session = InferenceSession;

export interface FloatTensor {
  data: Float32Array;
  dims: readonly number[];
}
export type NamedTensors = Record<string, FloatTensor>;

// workerd has no threads. The bytes are never read: `answerWithModule` stands in for their compilation.
env.wasm.numThreads = 1;
env.wasm.wasmBinary = new Uint8Array(8).buffer;

let started = false;
let tail: Promise<unknown> = Promise.resolve();

/** Rejects with `RuntimeNotStarted` when the runtime is not there, else with its own words about these bytes. */
export async function createSession(bytes: ArrayBuffer): Promise<Session> {
  return await exclusively(async () => {
    const restore = started ? () => {} : answerWithModule();
    try {
      return await InferenceSession.create(new Uint8Array(bytes), { executionProviders: ['wasm'] });
    } catch (error) {
      throw started ? error : new RuntimeNotStarted(error);
    } finally {
      restore();
    }
  });
}

/** Rejects on inputs that do not fit, and on an output that is not made of 32-bit floats. */
export async function run(session: Session, feeds: NamedTensors): Promise<NamedTensors> {
  return await exclusively(async () => {
    const inputs = Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]);
    const outputs = Object.entries(await session.run(Object.fromEntries(inputs)));
    return Object.fromEntries(outputs.map(([name, { data, dims }]) => [name, { data: asFloats(name, data), dims }]));
  });
}

function asFloats(name: string, data: Tensor.DataType): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError(`model output ${name} is not float32`);
}

/**
 * One at a time: the runtime keeps one heap, and a second call while a first is inside corrupts both.
 * `finally` lets the next one in after a failure too, so one bad run poisons nothing. A request that workerd cancels
 * while it holds the turn would never reach its `finally`, and block the isolate; that cannot happen as long as what runs
 * here waits for microtasks alone, which a test holds. Hence also the synchronous instance below.
 */
async function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tail;
  const turn = Promise.withResolvers<void>();
  tail = turn.promise;
  try {
    await before;
    return await work();
  } finally {
    turn.resolve();
  }
}

/**
 * The runtime wants to compile its WebAssembly from bytes, which workerd refuses. Until it has asked once, bytes are
 * answered with the module that was compiled ahead. This changes a global that others in the isolate share, so it is kept
 * small: put back at the first answer, at the latest in the caller's `finally`, and calls with a module pass through.
 * Other code that compiles bytes in between would get our module instead of workerd's refusal: it fails either way.
 */
function answerWithModule(): () => void {
  const original = WebAssembly.instantiate;
  const restore = () => {
    WebAssembly.instantiate = original;
  };
  const answer = async (source: unknown, imports?: WebAssembly.Imports) => {
    if (source instanceof WebAssembly.Module) return await original(source, imports);
    restore();
    const instance = new WebAssembly.Instance(wasmModule, imports);
    started = true;
    return { module: wasmModule, instance };
  };
  WebAssembly.instantiate = answer as typeof original;
  return restore;
}
