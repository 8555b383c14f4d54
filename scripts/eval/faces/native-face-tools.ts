import type { FaceTools } from '../../../workers/faces/read-faces.ts';
import { createNodeDecoder } from '../../../workers/inference/picture/testing/node-decoder.ts';
import { nativeFaceNetworks } from '../../native/native-face-networks.ts';

/** The decoders and networks of the face Worker, the latter in the native runtime. Nobody here asks for thumbnails. */
export async function nativeFaceTools(): Promise<FaceTools> {
  return {
    networks: await nativeFaceNetworks(),
    decodePicture: createNodeDecoder(),
    encodeJpeg: async () => {
      throw new Error('no thumbnail was asked for');
    },
  };
}
