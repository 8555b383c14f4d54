import type { FaceNetworks } from '../../workers/faces/face/face-networks.ts';
import { floats, loadSession, nativeNetworks, run } from './native-networks.ts';

/** The networks of the face Worker in the native runtime, on one thread. */
export async function nativeFaceNetworks(): Promise<FaceNetworks> {
  const { detectFaces, findLandmarks } = await nativeNetworks();
  // Beyond this the native runtime lays the network out for caches that not every machine has, and can take three times as long.
  const embedding = await loadSession('face-embedding', { graphOptimizationLevel: 'extended' });
  return {
    detectFaces,
    findLandmarks,
    embedFace: async (input) => floats((await run(embedding, input, [1, 3, 112, 112])).output),
  };
}
