import type { Networks } from '../../workers/inference/frame/networks.ts';
import { floats, loadSession, run } from '../native/native-networks.ts';

/** The face detector alone: faces are cut out before there is a network of ours, or while the one there is half written. */
export async function nativeDetector(): Promise<Pick<Networks, 'detectFaces'>> {
  const detector = await loadSession('face-detector');
  return {
    async detectFaces(input) {
      const { scores, boxes } = await run(detector, input, [1, 3, 240, 320]);
      return { scores: floats(scores), boxes: floats(boxes) };
    },
  };
}
