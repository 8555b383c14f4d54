import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { FaceFinder } from './face-finder.ts';
import { toPng } from './to-png.ts';

/** What one check sends, both ways, as PNG. */
export interface Recording {
  file: string;
  source: string;
  label: string;
  fps: number;
  frames: Buffer[];
  /** null when a frame comes before any face was seen: a client would have had nothing to crop. */
  crops: Buffer[] | null;
}

export interface EncodedFrame {
  frame: Buffer;
  crop: Buffer | null;
}

/** Frames of one clip or attack, in order, each with the crop that a client would make of it. */
export class FrameEncoder {
  readonly #faces: FaceFinder;
  readonly #withCrops: boolean;
  readonly #largestSide: number;

  /** `largestSide` is of whole frames; crops are cut from pictures as they come. */
  constructor(networks: Pick<Networks, 'detectFaces'>, options: { withCrops: boolean; largestSide: number }) {
    this.#faces = new FaceFinder(networks);
    this.#withCrops = options.withCrops;
    this.#largestSide = options.largestSide;
  }

  async encode(picture: RgbaPicture): Promise<EncodedFrame> {
    const crop = this.#withCrops ? await this.#faces.crop(picture) : null;
    return { frame: await toPng(picture, { largestSide: this.#largestSide }), crop: crop && (await toPng(crop)) };
  }
}

export function recordingOf(
  named: Pick<Recording, 'file' | 'source' | 'label' | 'fps'>,
  encoded: readonly EncodedFrame[],
): Recording {
  const crops = encoded.flatMap(({ crop }) => crop ?? []);
  return { ...named, frames: encoded.map(({ frame }) => frame), crops: crops.length === encoded.length ? crops : null };
}
