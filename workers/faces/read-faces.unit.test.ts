import { beforeEach, expect, test, vi } from 'vitest';
import type { FacesOutcome, ReadFacesRequest, ReadFacesResult } from '#shared/rpc/faces.ts';
import type { DecodePicture } from '../inference/picture/create-picture-decoder.ts';
import { paintedPicture } from '../inference/testing/painted-picture.ts';
import { detectorOutput, FACE_IN_THE_MIDDLE, type SeenFace } from '../inference/testing/stub-networks.ts';
import type { FaceNetworks } from './face/face-networks.ts';
import { readFaces } from './read-faces.ts';
import type { EncodeJpeg } from './thumbnail/create-jpeg-encoder.ts';

const BESIDE: SeenFace = [0.99, 0, 0.4, 0.2, 0.6];
const picture = paintedPicture(320, 240, (x, y) => [(x * 7) & 255, (y * 5) & 255, 90]);
const JPEG = Uint8Array.of(0xff, 0xd8);

const decodePicture = vi.fn<DecodePicture>();
const encodeJpeg = vi.fn<EncodeJpeg>();
const networks = {
  detectFaces: vi.fn<FaceNetworks['detectFaces']>(),
  findLandmarks: vi.fn<FaceNetworks['findLandmarks']>(),
  embedFace: vi.fn<FaceNetworks['embedFace']>(),
};
const log = vi.fn();
/** The points of a face that looks ahead. */
const AHEAD = new Float32Array(136);
for (let i = 36; i < 42; i++) AHEAD.set([0.35, 0.4], i * 2);
for (let i = 42; i < 48; i++) AHEAD.set([0.65, 0.4], i * 2);
AHEAD.set([0.5, 0.55], 60);
AHEAD.set([0.4, 0.75], 96);
AHEAD.set([0.6, 0.75], 108);

beforeEach(() => {
  vi.resetAllMocks();
  decodePicture.mockResolvedValue({ ok: true, picture });
  encodeJpeg.mockResolvedValue(JPEG);
  networks.detectFaces.mockResolvedValue(detectorOutput([BESIDE, FACE_IN_THE_MIDDLE]));
  networks.findLandmarks.mockResolvedValue(AHEAD);
  networks.embedFace.mockResolvedValue(new Float32Array(512).fill(1));
});

async function read(different: Partial<ReadFacesRequest> = {}): Promise<ReadFacesResult> {
  const request: ReadFacesRequest = {
    pictures: [new Uint8Array(1)],
    framing: 'whole',
    embedding: 'none',
    thumbnails: 'none',
    ...different,
  };
  return await readFaces(request, async () => ({ networks, decodePicture, encodeJpeg }), log);
}
async function readOne(different: Partial<ReadFacesRequest> = {}): Promise<FacesOutcome & { ok: true }> {
  const result = await read(different);
  const [outcome] = result.ok ? result.outcomes : [];
  if (!outcome?.ok) throw new Error('not read');
  return outcome;
}

test('every face, the subject first, with its points in pixels of the picture', async () => {
  const { width, height, faces, embedding, complaints } = await readOne();
  expect([width, height, embedding, complaints]).toEqual([320, 240, null, []]);
  expect(faces.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.9, 5), expect.closeTo(0.99, 5)]);
  // The network sees 1.2 x a face of 96 x 72 in the middle.
  const points = [
    [142.72, 111.36],
    [177.28, 111.36],
    [160, 124.32],
    [148.48, 141.6],
    [171.52, 141.6],
  ];
  expect(faces[0]?.landmarks).toEqual(points.map((point) => point.map((value) => expect.closeTo(value, 2))));
  expect(faces[0]?.quality).toMatchObject({ faceSizePixels: expect.closeTo(96, 3), faceShare: expect.closeTo(0.3, 3) });
  expect(networks.embedFace).not.toHaveBeenCalled();
});

test.each([
  ['none', 0],
  ['single', 1],
  ['flipped', 2],
] as const)('embedding %s: %i runs of the network, for the subject alone', async (embedding, runs) => {
  const outcome = await readOne({ embedding });
  expect(networks.embedFace).toHaveBeenCalledTimes(runs);
  expect(outcome.embedding?.[5]).toEqual(runs === 0 ? undefined : expect.closeTo(512 ** -0.5, 6));
});

test.each([
  ['none', [null, null]],
  ['subject', [JPEG, null]],
  ['all', [JPEG, JPEG]],
] as const)('thumbnails %s', async (thumbnails, expected) => {
  const { faces } = await readOne({ thumbnails });
  expect(faces.map(({ thumbnail }) => thumbnail)).toEqual(expected);
});

test('a picture without a face is read: no faces, no embedding, that complaint', async () => {
  networks.detectFaces.mockResolvedValue(detectorOutput([]));
  const outcome = await readOne({ embedding: 'flipped', thumbnails: 'all' });
  expect(outcome).toMatchObject({ faces: [], embedding: null, complaints: ['no_face'] });
  expect(networks.embedFace).not.toHaveBeenCalled();
});

test('in order, and one that is no picture harms no other', async () => {
  decodePicture.mockResolvedValueOnce({ ok: false, problem: 'damaged' });
  const pictures = [Uint8Array.of(1), Uint8Array.of(2)];
  const result = await read({ pictures });
  expect(result).toMatchObject({
    ok: true,
    outcomes: [
      { ok: false, problem: 'damaged' },
      { ok: true, width: 320 },
    ],
  });
  // A crop of a face may have any size, too.
  expect(decodePicture.mock.calls).toEqual(pictures.map((bytes) => [bytes, 'frame']));
});

test('no pictures, no outcomes', async () => {
  expect(await read({ pictures: [] })).toEqual({ ok: true, outcomes: [] });
});

test.each([
  ['a network', () => networks.embedFace.mockRejectedValueOnce(new Error('secret'))],
  ['an embedding of nothing', () => networks.embedFace.mockResolvedValueOnce(new Float32Array(512))],
  ['the landmarks', () => networks.findLandmarks.mockRejectedValueOnce(new Error('secret'))],
  ['the thumbnail', () => encodeJpeg.mockRejectedValueOnce(new Error('secret'))],
])('a fault of ours fails the whole call, and says nothing of it: %s', async (_what, breakIt) => {
  breakIt();
  const result = await read({
    pictures: [new Uint8Array(1), new Uint8Array(1)],
    embedding: 'single',
    thumbnails: 'all',
  });
  expect(result).toEqual({ ok: false, reason: 'the pictures could not be read' });
  expect(log).toHaveBeenCalledOnce();
});

test('tools that do not load fail the call', async () => {
  const request: ReadFacesRequest = { pictures: [], framing: 'crop', embedding: 'none', thumbnails: 'none' };
  const result = await readFaces(request, () => Promise.reject(new Error('secret')), log);
  expect(result).toEqual({ ok: false, reason: 'the pictures could not be read' });
});
