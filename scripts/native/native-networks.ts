import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { repositoryRoot } from '../repository-root.ts';

/** Our network as it is committed; training judges with others of its kind. */
export const RECAPTURE_FILE = `${repositoryRoot}/models/trained/texture-recapture.onnx`;

/** The same weights in the native runtime, on one thread: what calibration runs on, and the peer of the benchmarks. */
export async function nativeNetworks(recaptureFile = RECAPTURE_FILE): Promise<Networks> {
  const [detector, texture, landmarks, recapture] = await Promise.all([
    nativeDetector(),
    loadSession('texture-liveness'),
    loadSession('face-landmarks'),
    openSession(recaptureFile),
  ]);
  return {
    ...detector,
    async judgeTexture(input) {
      const { output, '440': early, '564': late } = await run(texture, input, [1, 3, 128, 128]);
      if (!output || !early || !late) throw new Error('the texture model gives out too little: npm run prepare:local');
      const { margin } = await recapture.run({ early, late, logits: output });
      return { liveness: floats(output), recapture: floats(margin)[0] ?? Number.NaN };
    },
    findLandmarks: async (input) => floats((await run(landmarks, input, [1, 1, 64, 64])).output),
  };
}

/** The face detector alone: faces can be cut out before there is a network of ours, or while the one there is half written. */
export async function nativeDetector(): Promise<Pick<Networks, 'detectFaces'>> {
  const detector = await loadSession('face-detector');
  return {
    async detectFaces(input) {
      const { scores, boxes } = await run(detector, input, [1, 3, 240, 320]);
      return { scores: floats(scores), boxes: floats(boxes) };
    },
  };
}

export async function loadSession(
  key: string,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  return await openSession(`${repositoryRoot}/models/weights/${key}.onnx`, options);
}

async function openSession(
  file: string,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  const bytes = await readFile(file);
  return await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, ...options });
}

export async function run(session: ort.InferenceSession | undefined, input: Float32Array, dims: number[]) {
  if (!session) throw new Error('the weights are not there: npm run prepare:local');
  return await session.run({ input: new ort.Tensor('float32', input, dims) });
}

export function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('a model output is not made of 32-bit floats');
}
