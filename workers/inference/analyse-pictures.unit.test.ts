import { beforeEach, expect, test, vi } from 'vitest';
import type { AnalyseRequest, AnalyseResult, FaceEvidence, PictureProblem } from '#shared/rpc/inference.ts';
import { analysePictures } from './analyse-pictures.ts';
import type { Networks } from './frame/networks.ts';
import type { DecodePicture } from './picture/create-picture-decoder.ts';
import { paintedPicture } from './testing/painted-picture.ts';
import { realFaceCrop } from './testing/real-face.ts';
import { detectorOutput, FACE_IN_THE_MIDDLE, STUB_NETWORKS } from './testing/stub-networks.ts';

/** What the decoder is told to make of a picture: its only byte is a key of this. */
const face = await realFaceCrop();
const PICTURES = { face, plain: paintedPicture(224, 224, () => [90, 90, 90]) };
const DECODED: Awaited<ReturnType<DecodePicture>>[] = [
  { ok: true, picture: PICTURES.face },
  { ok: true, picture: PICTURES.plain },
  { ok: false, problem: 'damaged' },
  { ok: false, problem: 'wrong_size' },
];
const [FACE, PLAIN, DAMAGED, WRONG_SIZE] = [0, 1, 2, 3];

const decodePicture = vi.fn<DecodePicture>();
const detectFaces = vi.fn<Networks['detectFaces']>();
const log = vi.fn();
const tools = { networks: { ...STUB_NETWORKS, detectFaces }, decodePicture };

beforeEach(() => {
  vi.resetAllMocks();
  decodePicture.mockImplementation(async ([key = -1]) => DECODED[key] ?? { ok: false, problem: 'not_a_picture' });
  // As the real one: a plain picture has no face.
  detectFaces.mockImplementation(async (input) =>
    detectorOutput(input.every((value) => value === input[0]) ? [] : [FACE_IN_THE_MIDDLE]),
  );
});

/** Pictures in their order, numbered from `first` on. */
async function analyse(keys: number[], first = 0, different: Partial<AnalyseRequest> = {}): Promise<AnalyseResult> {
  const pictures = keys.map((key, i) => ({ bytes: Uint8Array.of(key), ordinal: first + i }));
  return await analysePictures({ kind: 'frame', pictures, previousFace: null, ...different }, async () => tools, log);
}

/** In short: a face or none, or what is wrong. */
function summary(result: AnalyseResult): ('face' | 'none' | PictureProblem)[] {
  if (!result.ok) throw new Error(result.reason);
  return result.outcomes.map((outcome) => (outcome.ok ? (outcome.evidence.face ? 'face' : 'none') : outcome.problem));
}

async function faceBefore(): Promise<FaceEvidence> {
  const result = await analyse([FACE]);
  const [outcome] = result.ok ? result.outcomes : [];
  if (!outcome?.ok || !outcome.evidence.face) throw new Error('no face');
  detectFaces.mockClear();
  return outcome.evidence.face;
}

test('one outcome for each picture, in order, bad ones among them', async () => {
  expect(summary(await analyse([FACE, DAMAGED, PLAIN, WRONG_SIZE, FACE, 9]))).toEqual([
    'face',
    'damaged',
    'none',
    'wrong_size',
    'face',
    'not_a_picture',
  ]);
  expect(log).not.toHaveBeenCalled();
});

test('no pictures, no outcomes', async () => {
  expect(await analyse([])).toEqual({ ok: true, outcomes: [] });
});

test('decoded as the kind that was asked for, and recorded as that', async () => {
  const result = await analyse([FACE], 0, { kind: 'crop' });
  expect(decodePicture).toHaveBeenCalledExactlyOnceWith(Uint8Array.of(FACE), 'crop');
  expect(result).toMatchObject({ outcomes: [{ evidence: { version: 1, kind: 'crop', width: 224, height: 224 } }] });
});

test('the texture model looks at what the number of the picture says, not its place in the call', async () => {
  const views = async (first: number) => {
    const result = await analyse([FACE, FACE, FACE], first);
    return result.ok && result.outcomes.map((outcome) => outcome.ok && outcome.evidence.face?.textureMargins);
  };
  const square = { square: expect.any(Number), whole: null };
  const whole = { square: null, whole: expect.any(Number) };
  const none = { square: null, whole: null };
  expect(await views(0)).toEqual([square, none, whole]);
  expect(await views(2)).toEqual([whole, none, square]);
});

test('each picture has the face of the one before to go by, so that the detector is asked once', async () => {
  expect(summary(await analyse([FACE, FACE, FACE, FACE]))).toEqual(['face', 'face', 'face', 'face']);
  expect(detectFaces).toHaveBeenCalledTimes(1);
});

test('the first has the face that the caller names', async () => {
  const previousFace = await faceBefore();
  await analyse([FACE], 1, { previousFace });
  expect(detectFaces).not.toHaveBeenCalled();
  await analyse([FACE], 1);
  expect(detectFaces).toHaveBeenCalledTimes(1);
});

test('a picture that is none does not make it forget the face', async () => {
  await analyse([FACE, DAMAGED, FACE]);
  expect(detectFaces).toHaveBeenCalledTimes(1);
});

test('a frame without a face does: the next is looked at afresh', async () => {
  expect(summary(await analyse([FACE, PLAIN, FACE, FACE]))).toEqual(['face', 'none', 'face', 'face']);
  expect(detectFaces).toHaveBeenCalledTimes(3);
});

const FAILED = { ok: false, reason: 'the frames could not be analysed' };

test.each<[string, () => void]>([
  ['a network', () => detectFaces.mockRejectedValueOnce(new Error('secret: out of memory'))],
  [
    'a network that throws at once',
    () =>
      detectFaces.mockImplementationOnce(() => {
        throw new Error('secret');
      }),
  ],
  ['the decoder', () => decodePicture.mockRejectedValueOnce(new Error('secret: codec'))],
])('a fault of %s fails the whole call, is logged, and its cause is not told', async (_, breakIt) => {
  breakIt();
  expect(await analyse([FACE, FACE])).toEqual(FAILED);
  expect(log).toHaveBeenCalledExactlyOnceWith(
    expect.any(String),
    expect.objectContaining({ message: expect.stringContaining('secret') }),
  );
});

test('a fault in a later picture takes the earlier outcomes with it', async () => {
  detectFaces.mockResolvedValueOnce(detectorOutput([FACE_IN_THE_MIDDLE])).mockRejectedValueOnce(new Error('late'));
  expect(await analyse([FACE, PLAIN])).toEqual(FAILED);
});

test('so does one while the tools are loaded', async () => {
  const request: AnalyseRequest = { kind: 'frame', pictures: [], previousFace: null };
  const loading = analysePictures(request, async () => await Promise.reject(new Error('no weights')), log);
  expect(await loading).toEqual(FAILED);
  expect(log).toHaveBeenCalledTimes(1);
});

const decodedFace = { width: face.width, height: face.height, bytes: face.data };

test('a picture that comes decoded is analysed as the same one that does not', async () => {
  const encoded = await analyse([FACE]);
  decodePicture.mockClear();
  expect(await analyse([], 0, { pictures: [{ ...decodedFace, ordinal: 0 }] })).toEqual(encoded);
  expect(decodePicture).not.toHaveBeenCalled();
});

test('one without a place is looked at for its face, and not for its texture', async () => {
  const previousFace = await faceBefore();
  const result = await analyse([], 0, { pictures: [{ ...decodedFace, ordinal: null }], previousFace });
  expect(detectFaces).not.toHaveBeenCalled();
  expect(result).toMatchObject({
    outcomes: [{ evidence: { face: { textureMargins: { square: null, whole: null } } } }],
  });
});

test.each([
  [{ width: 63, height: 224 }, 'frame', 'too_small'],
  [{ width: 4096, height: 4096 }, 'frame', 'too_large'],
  [{ width: 223, height: 225 }, 'crop', 'wrong_size'],
  [{ width: 224, height: 223 }, 'frame', 'damaged'],
  [{ width: 224, height: 225 }, 'frame', 'damaged'],
] as const)(
  'pixels are held against the same limits, and must be as many as they say: %o as a %s',
  async (size, kind, problem) => {
    const pictures = [{ ...decodedFace, ...size, ordinal: 0 }];
    expect(summary(await analyse([], 0, { kind, pictures }))).toEqual([problem]);
  },
);
