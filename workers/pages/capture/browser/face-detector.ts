import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Networks } from '../../../inference/frame/networks.ts';

const INPUT_DIMS = [1, 3, 240, 320];

/** The server's weights in the same runtime. Both files lie beside this script. */
export async function loadFaceDetector(folder: URL): Promise<Pick<Networks, 'detectFaces'>> {
  // Threads need a page that is isolated from all others, which nobody should have to be to embed this.
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = { wasm: new URL('ort-wasm-simd-threaded.wasm', folder).href };
  const weights = await fetch(new URL('face-detector.onnx', folder));
  if (!weights.ok) throw new Error(`face-detector.onnx: ${weights.status}`);
  const session = await InferenceSession.create(new Uint8Array(await weights.arrayBuffer()), {
    executionProviders: ['wasm'],
  });
  return {
    async detectFaces(input) {
      const outputs = await session.run({ input: new Tensor('float32', input, INPUT_DIMS) });
      return { scores: valuesOf(outputs, 'scores', 4420 * 2), boxes: valuesOf(outputs, 'boxes', 4420 * 4) };
    },
  };
}

function valuesOf(outputs: InferenceSession.OnnxValueMapType, name: string, length: number): Float32Array {
  const output = outputs[name];
  const data = output instanceof Tensor ? output.data : null;
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw new Error(`model output ${name} is not made of ${length} numbers`);
  }
  return data;
}
