import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import type { PictureKind } from '../../shared/rpc/inference.ts';
import { type Box, intoSquare, largerSide, squareAround, squareWithin } from '../../workers/inference/frame/box.ts';
import { CROP_SIDE, type CropPicture } from '../../workers/inference/frame/crop.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { resample, toRgba } from '../../workers/inference/frame/resample.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { toPng } from '../eval/to-png.ts';
import { clientCrop } from '../native/client-crop.ts';
import { type ManifestPicture, picturesOf } from './manifest-pictures.ts';
import { SubjectFinder } from './subject-finder.ts';

/** The room round a face that a simulated attacker prints or shows: from a passport picture up to the whole scene. */
const PORTRAIT_BY_FACE = 5;
const PORTRAIT_SIDE = 720;
/** Of a clip: frames that are more than a moment apart, for neighbours would be the same portrait. */
const PORTRAIT_EVERY_SECONDS = 1.5;

/** One face as the texture model is shown it: a crop of CROP_SIDE in `faces.rgb`, at the place of this line. */
export interface ExportedFace {
  file: string;
  label: string;
  source: string;
  kind: PictureKind;
  /** Of the clip, from 0 on; of a picture 0. */
  seconds: number;
  /** In pixels of the crop. */
  face: Box;
  /** Side of the square that was cut out, by the face. */
  room: number;
  facePixels: number;
}

export interface ExportedPortrait {
  picture: string;
  file: string;
  label: string;
  source: string;
  face: Box;
}

/**
 * What training needs of a folder, found and cut by the very code of the service: the crops that the texture model sees, and
 * portraits that attacks are made of.
 */
export class FaceExport {
  readonly faces: ExportedFace[] = [];
  readonly portraits: ExportedPortrait[] = [];
  readonly #directory: string;
  readonly #networks: Pick<Networks, 'detectFaces'>;
  readonly #pixels;

  private constructor(directory: string, networks: Pick<Networks, 'detectFaces'>) {
    this.#directory = directory;
    this.#networks = networks;
    this.#pixels = createWriteStream(`${directory}/faces.rgb.part`);
  }

  static async into(directory: string, networks: Pick<Networks, 'detectFaces'>): Promise<FaceExport> {
    await rm(directory, { recursive: true, force: true });
    await mkdir(`${directory}/portraits`, { recursive: true });
    return new FaceExport(directory, networks);
  }

  async add(row: LabelledClip): Promise<void> {
    const finders = { frame: new SubjectFinder(this.#networks), crop: new SubjectFinder(this.#networks) };
    let portraitFromSeconds = 0;
    for await (const shown of picturesOf(row)) {
      const subject = await finders.frame.find(shown.picture, 'frame');
      if (subject === null) continue;
      if (shown.seconds >= portraitFromSeconds && isPortrait(row)) {
        await this.#addPortrait(row, shown, subject.box);
        portraitFromSeconds = shown.seconds + PORTRAIT_EVERY_SECONDS;
      }
      if (row.label.startsWith('identity:')) continue;
      await this.#addFace(row, shown.seconds, 'frame', subject);
      const cut = clientCrop(shown.picture, subject.box);
      const inCrop = await finders.crop.find(cut, 'crop');
      if (inCrop) await this.#addFace(row, shown.seconds, 'crop', inCrop);
    }
  }

  /** Until here nothing has the name by which it is looked for: what was cut off is not taken for whole. */
  async finish(): Promise<void> {
    this.#pixels.end();
    await finished(this.#pixels);
    await writeFile(`${this.#directory}/portraits.jsonl`, lines(this.portraits));
    await writeFile(`${this.#directory}/faces.jsonl`, lines(this.faces));
    await rename(`${this.#directory}/faces.rgb.part`, `${this.#directory}/faces.rgb`);
  }

  async #addFace(row: LabelledClip, seconds: number, kind: PictureKind, subject: { box: Box; crop: CropPicture }) {
    const { box, crop } = subject;
    const { file, label, source } = row;
    const room = crop.square.width / largerSide(box);
    const face = intoSquare(box, crop.square, CROP_SIDE);
    this.faces.push({ file, label, source, kind, seconds, face, room, facePixels: largerSide(box) });
    if (!this.#pixels.write(withoutAlpha(crop.picture))) await once(this.#pixels, 'drain');
  }

  async #addPortrait({ file, label, source }: LabelledClip, { picture, seconds }: ManifestPicture, face: Box) {
    const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
    const square = squareWithin(whole, squareAround(face, PORTRAIT_BY_FACE * largerSide(face)));
    const side = Math.min(PORTRAIT_SIDE, Math.round(square.width));
    const portrait = toRgba(resample(picture, square, whole, { width: side, height: side }, true));
    const name = `${basename(file).replace(/\W+/g, '-')}-${this.portraits.length}-${seconds.toFixed(1)}.png`;
    await sharp(await toPng(portrait))
      .removeAlpha()
      .png()
      .toFile(`${this.#directory}/portraits/${name}`);
    this.portraits.push({ picture: `portraits/${name}`, file, label, source, face: intoSquare(face, square, side) });
  }
}

/** Genuine faces to make attacks of, and attacks to be taken again by another camera. */
function isPortrait({ label }: LabelledClip): boolean {
  return /^(image:)?(live$|spoof_(print|replay))|^identity:/.test(label);
}

function withoutAlpha({ width, height, data }: RgbaPicture): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    pixels[to++] = data[from] ?? 0;
    pixels[to++] = data[from + 1] ?? 0;
    pixels[to++] = data[from + 2] ?? 0;
  }
  return pixels;
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
