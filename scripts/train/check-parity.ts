import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VIEW_BY_FACE } from '../../workers/inference/frame/analyse-frame.ts';
import { largerSide, squareAround } from '../../workers/inference/frame/box.ts';
import { CROP_BOUNDS, CROP_SIDE } from '../../workers/inference/frame/crop.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { LARGEST_MARGIN, marginsOfView } from '../../workers/inference/frame/texture.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import type { ExportedFace } from './export-faces.ts';

const Parity = z.object({ faces: z.array(z.int()).min(1), margins: z.array(z.tuple([z.number(), z.number()])) });
const CROP_BYTES = CROP_SIDE * CROP_SIDE * 3;
/** Two runtimes add in another order, and training may keep features in half precision: more than this is another network or view. */
const TOLERANCE = 0.02;

/** Throws unless the service's own code, on the file that was written, comes to the margins that training came to. */
export async function checkParity(folder: string, parityFile: string, networks: Networks): Promise<void> {
  const { faces, margins } = Parity.parse(JSON.parse(await readFile(parityFile, 'utf8')));
  const lines = (await readFile(`${folder}/faces.jsonl`, 'utf8')).trim().split('\n');
  const pixels = await open(`${folder}/faces.rgb`);
  try {
    for (const [i, index] of faces.entries()) {
      const { face }: ExportedFace = JSON.parse(lines[index] ?? '');
      const bytes = new Uint8Array(CROP_BYTES);
      await pixels.read(bytes, 0, CROP_BYTES, index * CROP_BYTES);
      const picture = withAlpha(bytes);
      const region = squareAround(face, VIEW_BY_FACE * largerSide(face));
      const square = await marginsOfView(picture, region, CROP_BOUNDS, networks);
      const whole = await marginsOfView(picture, CROP_BOUNDS, CROP_BOUNDS, networks);
      for (const [view, got] of [square.recapture, whole.recapture].entries()) {
        const trained = Math.min(Math.max(margins[i]?.[view] ?? Number.NaN, -LARGEST_MARGIN), LARGEST_MARGIN);
        if (Math.abs(got - trained) <= TOLERANCE) continue;
        throw new Error(`The service comes to ${got} where training came to ${trained} (face ${index}, view ${view})`);
      }
    }
  } finally {
    await pixels.close();
  }
}

function withAlpha(rgb: Uint8Array): RgbaPicture {
  const data = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) {
    data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  }
  return { width: CROP_SIDE, height: CROP_SIDE, data };
}
