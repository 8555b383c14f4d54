import type { Box } from '../../workers/inference/frame/box.ts';
import { chooseSubject } from '../../workers/inference/frame/choose-subject.ts';
import { detectFaces } from '../../workers/inference/frame/detect-faces.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { clientCrop } from '../native/client-crop.ts';

/** Stands for the client, which finds the face by itself before it crops. Frames of one recording come in order. */
export class FaceFinder {
  readonly #networks: Pick<Networks, 'detectFaces'>;
  #last: Box | null = null;

  constructor(networks: Pick<Networks, 'detectFaces'>) {
    this.#networks = networks;
  }

  async find(picture: RgbaPicture): Promise<Box | null> {
    const bounds = { x: 0, y: 0, width: picture.width, height: picture.height };
    const subject = chooseSubject(await detectFaces(picture, bounds, this.#networks), bounds, this.#last);
    this.#last = subject?.box ?? this.#last;
    return subject?.box ?? null;
  }

  /** Where the face is lost for a moment, cut where it was last; null while none was seen yet. */
  async crop(picture: RgbaPicture): Promise<RgbaPicture | null> {
    const box = (await this.find(picture)) ?? this.#last;
    return box && clientCrop(picture, box);
  }
}
