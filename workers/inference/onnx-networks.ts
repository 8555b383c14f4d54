import type { Networks } from './frame/networks.ts';
import { type NamedTensors, run, type Session } from './onnx-runtime.ts';
import type { LoadedKey } from './weights.ts';

/** Of a map of sessions, what asking needs: one that holds more keys will do. */
export interface LoadedSessions<Key extends string> {
  get(key: Key): Session | undefined;
}

/** The networks of `frame/`, on the sessions of this isolate. Throws on an output that is not what the weight promises. */
export function onnxNetworks(sessions: LoadedSessions<LoadedKey>): Networks {
  return {
    ...onnxFaceFinders(sessions),
    async judgeTexture(input) {
      const outputs = await askNetwork(sessions, 'texture-liveness', input, [1, 3, 128, 128]);
      return { liveness: valuesOf(outputs, 'output', 3), recapture: await judgeRecapture(sessions, outputs) };
    },
  };
}

/** What `models/manifest.json` has the texture model give out of its inside, by the names of ours. */
const EARLY = { tensor: '440', dims: [1, 64, 32, 32] };
const LATE = { tensor: '564', dims: [1, 128, 8, 8] };
/** Its answer, which ours corrects. */
const LOGITS = { tensor: 'output', dims: [1, 3] };

async function judgeRecapture(sessions: LoadedSessions<LoadedKey>, inside: NamedTensors): Promise<number> {
  const given = ({ tensor, dims }: typeof EARLY) => {
    const length = dims.reduce((product, side) => product * side);
    return { data: valuesOf(inside, tensor, length), dims };
  };
  const feeds = { early: given(EARLY), late: given(LATE), logits: given(LOGITS) };
  const outputs = await ask(sessions, 'texture-recapture', feeds);
  return valuesOf(outputs, 'margin', 1)[0] ?? Number.NaN;
}

/** Those that the face Worker asks, too. */
export function onnxFaceFinders(
  sessions: LoadedSessions<'face-detector' | 'face-landmarks'>,
): Pick<Networks, 'detectFaces' | 'findLandmarks'> {
  return {
    async detectFaces(input) {
      const outputs = await askNetwork(sessions, 'face-detector', input, [1, 3, 240, 320]);
      return { scores: valuesOf(outputs, 'scores', 4420 * 2), boxes: valuesOf(outputs, 'boxes', 4420 * 4) };
    },
    async findLandmarks(input) {
      return valuesOf(await askNetwork(sessions, 'face-landmarks', input, [1, 1, 64, 64]), 'output', 68 * 2);
    },
  };
}

export async function askNetwork<Key extends string>(
  sessions: LoadedSessions<Key>,
  key: Key,
  input: Float32Array,
  dims: readonly number[],
): Promise<NamedTensors> {
  return await ask(sessions, key, { input: { data: input, dims } });
}

async function ask<Key extends string>(
  sessions: LoadedSessions<Key>,
  key: Key,
  feeds: NamedTensors,
): Promise<NamedTensors> {
  const session = sessions.get(key);
  if (!session) throw new Error(`${key} is not loaded`);
  return await run(session, feeds);
}

export function valuesOf(outputs: NamedTensors, name: string, length: number): Float32Array {
  const values = outputs[name]?.data;
  if (values?.length !== length) throw new Error(`model output ${name} is not made of ${length} numbers`);
  // A value that is no number would pass every comparison's other side: fail closed instead.
  if (!values.every(Number.isFinite)) throw new Error(`model output ${name} holds what is not a number`);
  return values;
}
