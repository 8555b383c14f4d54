import type { Networks } from './frame/networks.ts';
import { type NamedTensors, run, type Session } from './onnx-runtime.ts';
import type { LoadedKey } from './weights.ts';

/** The networks of `frame/`, on the sessions of this isolate. Throws on an output that is not what the weight promises. */
export function onnxNetworks(sessions: ReadonlyMap<LoadedKey, Session>): Networks {
  const ask = async (key: LoadedKey, input: Float32Array, dims: readonly number[]): Promise<NamedTensors> => {
    const session = sessions.get(key);
    if (!session) throw new Error(`${key} is not loaded`);
    return await run(session, { input: { data: input, dims } });
  };
  return {
    async detectFaces(input) {
      const outputs = await ask('face-detector', input, [1, 3, 240, 320]);
      return { scores: valuesOf(outputs, 'scores', 4420 * 2), boxes: valuesOf(outputs, 'boxes', 4420 * 4) };
    },
    async judgeTexture(input) {
      return valuesOf(await ask('texture-liveness', input, [1, 3, 128, 128]), 'output', 3);
    },
    async findLandmarks(input) {
      return valuesOf(await ask('face-landmarks', input, [1, 1, 64, 64]), 'output', 68 * 2);
    },
  };
}

function valuesOf(outputs: NamedTensors, name: string, length: number): Float32Array {
  const values = outputs[name]?.data;
  if (values?.length !== length) throw new Error(`model output ${name} is not made of ${length} numbers`);
  // A value that is no number would pass every comparison's other side: fail closed instead.
  if (!values.every(Number.isFinite)) throw new Error(`model output ${name} holds what is not a number`);
  return values;
}
