import { type Box, largerSide, squareAround } from '../../workers/inference/frame/box.ts';
import { resample, toRgba } from '../../workers/inference/frame/resample.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

const SIDE = 224;

/** The crop as the public documentation tells clients to make it: 3 x the face, black where that reaches beyond the frame. */
export function clientCrop(picture: RgbaPicture, face: Box): RgbaPicture {
  const square = squareAround(face, 3 * largerSide(face));
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const crop = toRgba(resample(picture, square, whole, { width: SIDE, height: SIDE }, true));
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const fromX = square.x + ((x + 0.5) * square.width) / SIDE;
      const fromY = square.y + ((y + 0.5) * square.width) / SIDE;
      const inside = fromX >= 0 && fromY >= 0 && fromX < picture.width && fromY < picture.height;
      if (!inside) crop.data.fill(0, (y * SIDE + x) * 4, (y * SIDE + x) * 4 + 3);
    }
  }
  return crop;
}
