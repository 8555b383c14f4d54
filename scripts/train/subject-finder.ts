import type { PictureKind } from '../../shared/rpc/inference.ts';
import { type Box, largerSide, squareAround, squareWithin } from '../../workers/inference/frame/box.ts';
import { chooseSubject } from '../../workers/inference/frame/choose-subject.ts';
import { type CropPicture, cropOf } from '../../workers/inference/frame/crop.ts';
import { detectFaces } from '../../workers/inference/frame/detect-faces.ts';
import { CROP_BY_FACE } from '../../workers/inference/frame/find-subject.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { pictureBounds } from '../../workers/inference/frame/picture-bounds.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

/** The face that a check of these pictures would judge, with the detector asked about each of them. */
export class SubjectFinder {
  readonly #networks: Pick<Networks, 'detectFaces'>;
  #last: Box | null = null;

  constructor(networks: Pick<Networks, 'detectFaces'>) {
    this.#networks = networks;
  }

  async find(picture: RgbaPicture, kind: PictureKind): Promise<{ box: Box; crop: CropPicture } | null> {
    const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
    const bounds = kind === 'crop' ? pictureBounds(picture) : whole;
    const subject = chooseSubject(await detectFaces(picture, bounds, this.#networks), bounds, this.#last);
    this.#last = subject?.box ?? null;
    if (subject === null) return null;
    const square = squareWithin(bounds, squareAround(subject.box, CROP_BY_FACE * largerSide(subject.box)));
    return { box: subject.box, crop: cropOf(picture, square, bounds) };
  }
}
