import type { Networks } from '../../inference/frame/networks.ts';

/** The three networks as functions of plain arrays; what each wants to be fed is in `models/README.md`. */
export interface FaceNetworks extends Pick<Networks, 'detectFaces' | 'findLandmarks'> {
  /** 3 x 112 x 112 of an aligned face, BLUE plane first, (value - 127) / 128. 512 numbers, of any length. */
  embedFace(input: Float32Array): Promise<Float32Array>;
}
