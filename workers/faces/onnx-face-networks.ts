import { EMBEDDING_LENGTH } from '#shared/rpc/faces.ts';
import { askNetwork, type LoadedSessions, onnxFaceFinders, valuesOf } from '../inference/onnx-networks.ts';
import type { FaceNetworks } from './face/face-networks.ts';
import type { LoadedKey } from './weights.ts';

/** The networks of `face/`, on the sessions of this isolate. Throws on an output that is not what the weight promises. */
export function onnxFaceNetworks(sessions: LoadedSessions<LoadedKey>): FaceNetworks {
  return {
    ...onnxFaceFinders(sessions),
    async embedFace(input) {
      const outputs = await askNetwork(sessions, 'face-embedding', input, [1, 3, 112, 112]);
      return valuesOf(outputs, 'output', EMBEDDING_LENGTH);
    },
  };
}
