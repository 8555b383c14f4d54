import { beforeEach, expect, test, vi } from 'vitest';
import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { faceEvidence } from '../testing/evidence.ts';
import { paintedPicture } from '../testing/painted-picture.ts';
import { decodedBySharp, realFaceCrop } from '../testing/real-face.ts';
import { detectorOutput, type SeenFace } from '../testing/stub-networks.ts';
import { findSubject, type Subject } from './find-subject.ts';
import type { Networks } from './networks.ts';

// The face of the real crop, as shares of what the detector is shown.
const FACE: SeenFace = [0.99, 0.385, 0.332, 0.615, 0.658];
const OTHER: SeenFace = [0.9, 0.05, 0.05, 0.15, 0.2];
const face = await realFaceCrop();
const plain = paintedPicture(224, 224, () => [120, 120, 120]);
const detectFaces = vi.fn<Networks['detectFaces']>();

beforeEach(() => {
  detectFaces.mockReset();
  detectFaces.mockResolvedValue(detectorOutput([FACE, OTHER]));
});

async function find(picture: RgbaPicture, previous: Subject | null, lookAgain = false): Promise<Subject | null> {
  const bounds = { x: 0, y: 0, width: picture.width, height: picture.height };
  const previousFace = previous && faceEvidence({ ...previous, square: previous.crop.square });
  return await findSubject(picture, bounds, { previousFace, lookAgain }, { detectFaces });
}

test('without a face before, the detector is asked', async () => {
  const subject = await find(face, null);
  expect(detectFaces).toHaveBeenCalledTimes(1);
  expect(subject).toMatchObject({ faceCount: 2, confidence: expect.closeTo(0.99, 5) });
  expect(subject?.box.x).toBeCloseTo(86.24, 2);
  expect(subject?.box.height).toBeCloseTo(73.02, 2);
});

test('the crop is the square of 3 x the face, within the picture', async () => {
  const subject = await find(face, null);
  const side = 3 * (subject?.box.height ?? 0);
  expect(subject?.crop.square.width).toBeCloseTo(side, 6);
  expect(subject?.crop.square.x).toBeCloseTo(112 - side / 2, 6);
  expect(subject?.crop.picture).toMatchObject({ width: 224, height: 224 });
  expect(subject?.patch).toHaveLength(112 * 112);
});

test('where the face stayed, the detector is not asked, and what it said before goes on', async () => {
  const before = await find(face, null);
  detectFaces.mockClear();
  const subject = await find(face, before);
  expect(detectFaces).not.toHaveBeenCalled();
  expect(subject).toMatchObject({ box: before?.box, faceCount: 2, confidence: before?.confidence });
  expect(subject?.patch).toEqual(before?.patch);
});

test('a little grain and less light do not count as moved', async () => {
  const before = await find(face, null);
  detectFaces.mockClear();
  const dimmer = { ...face, data: face.data.map((value, at) => (at % 4 === 3 ? 255 : value * 0.8 + ((at * 7) % 5))) };
  const subject = await find(dimmer, before);
  expect(detectFaces).not.toHaveBeenCalled();
  // It is this frame that is seen, not the one before.
  expect(subject?.patch).not.toEqual(before?.patch);
});

test('nor does a slight turn of the camera, but a jump does', async () => {
  const before = await find(face, null);
  detectFaces.mockClear();
  await find(movedRight(face, 2), before);
  expect(detectFaces).not.toHaveBeenCalled();
  await find(movedRight(face, 16), before);
  expect(detectFaces).toHaveBeenCalledTimes(1);
});

test('when told to look again, it is asked all the same', async () => {
  const before = await find(face, null);
  await find(face, before, true);
  expect(detectFaces).toHaveBeenCalledTimes(2);
});

test('when the picture changes it is asked', async () => {
  const before = await find(face, null);
  const upsideDown = { ...face, data: reversedPixels(face) };
  await find(upsideDown, before);
  expect(detectFaces).toHaveBeenCalledTimes(2);
});

test('a frame without a face is none, even where one was before', async () => {
  const before = await find(face, null);
  detectFaces.mockResolvedValue(detectorOutput([]));
  expect(await find(plain, before)).toBeNull();
  expect(detectFaces).toHaveBeenCalledTimes(2);
});

test('after a picture of another size it is asked', async () => {
  const before = await find(face, null);
  const larger = await enlarged(face, 448);
  const subject = await find(larger, before);
  expect(detectFaces).toHaveBeenCalledTimes(2);
  expect(subject?.box.x).toBeCloseTo(2 * 86.24, 1);
});

test('of several faces it stays with the one of the frame before', async () => {
  const left: SeenFace = [0.9, 0.2, 0.4, 0.4, 0.6];
  const right: SeenFace = [0.9, 0.55, 0.38, 0.8, 0.63];
  detectFaces.mockResolvedValue(detectorOutput([left]));
  const before = await find(face, null);
  detectFaces.mockResolvedValue(detectorOutput([right, left]));
  expect((await find(face, null))?.box.x).toBeCloseTo(0.55 * 224, 2);
  expect((await find(face, before, true))?.box.x).toBeCloseTo(0.2 * 224, 2);
});

function movedRight({ width, height, data }: RgbaPicture, by: number): RgbaPicture {
  return paintedPicture(width, height, (x, y) => {
    const [red = 0, green = 0, blue = 0] = data.subarray((y * width + Math.max(0, x - by)) * 4);
    return [red, green, blue];
  });
}

function reversedPixels({ data }: RgbaPicture): Uint8Array {
  const reversed = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) reversed.set(data.subarray(at, at + 4), data.length - 4 - at);
  return reversed;
}

async function enlarged({ width, height, data }: RgbaPicture, side: number): Promise<RgbaPicture> {
  const { default: sharp } = await import('sharp');
  return await decodedBySharp(
    await sharp(data, { raw: { width, height, channels: 4 } })
      .resize(side)
      .png()
      .toBuffer(),
  );
}
