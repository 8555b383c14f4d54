import { beforeEach, expect, test, vi } from 'vitest';
import type { StillsResult } from '#shared/rpc/inference.ts';
import { checkStills } from './check-stills.ts';
import type { Networks } from './frame/networks.ts';
import type { DecodePicture } from './picture/create-picture-decoder.ts';
import { paintedPicture } from './testing/painted-picture.ts';
import { realFaceCrop } from './testing/real-face.ts';
import { detectorOutput, type SeenFace, STUB_NETWORKS } from './testing/stub-networks.ts';

/** What the decoder is told to make of a picture: its only byte is a key of this. */
const DECODED: Awaited<ReturnType<DecodePicture>>[] = [
  { ok: true, picture: await realFaceCrop() },
  { ok: true, picture: paintedPicture(320, 240, () => [0, 0, 0]) },
  { ok: false, problem: 'damaged' },
];
const [FACE, BLACK, DAMAGED] = [0, 1, 2];
/** Large enough to be judged, with room around it. */
const LARGE: SeenFace = [0.9, 0.3, 0.3, 0.7, 0.7];

const decodePicture = vi.fn<DecodePicture>();
const detectFaces = vi.fn<Networks['detectFaces']>();
const judgeTexture = vi.fn<Networks['judgeTexture']>();
const log = vi.fn();
const tools = { networks: { ...STUB_NETWORKS, detectFaces, judgeTexture }, decodePicture };

const judgement = (...logits: number[]) => ({ liveness: Float32Array.from(logits), recapture: 0 });

beforeEach(() => {
  vi.resetAllMocks();
  decodePicture.mockImplementation(async ([key = -1]) => DECODED[key] ?? { ok: false, problem: 'not_a_picture' });
  // As the real one: a plain picture has no face.
  detectFaces.mockImplementation(async (input) =>
    detectorOutput(input.every((value) => value === input[0]) ? [] : [LARGE]),
  );
  judgeTexture.mockImplementation(async () => judgement(4, 0, 0));
});

async function check(keys: number[]): Promise<StillsResult> {
  return await checkStills({ pictures: keys.map((key) => Uint8Array.of(key)) }, async () => tools, log);
}

/** Of a face that is where the detector says. */
const BOX = { x: expect.any(Number), y: expect.any(Number), width: expect.any(Number), height: expect.any(Number) };
const JUDGED = { ok: true, realScore: expect.any(Number), advice: null, box: BOX };

test('one outcome for each picture, in order', async () => {
  expect(await check([BLACK, FACE, DAMAGED, 9])).toEqual({
    ok: true,
    stills: [
      { ok: false, problem: 'no_face' },
      JUDGED,
      { ok: false, problem: 'damaged' },
      { ok: false, problem: 'not_a_picture' },
    ],
  });
  expect(log).not.toHaveBeenCalled();
});

test('no pictures, no outcomes', async () => {
  expect(await check([])).toEqual({ ok: true, stills: [] });
});

test('a picture is decoded as a whole one, and each is looked at afresh, in both views', async () => {
  await check([FACE, FACE]);
  expect(decodePicture).toHaveBeenCalledWith(Uint8Array.of(FACE), 'frame');
  expect(detectFaces).toHaveBeenCalledTimes(2);
  expect(judgeTexture).toHaveBeenCalledTimes(4);
});

test('what the texture network says is what decides', async () => {
  judgeTexture.mockResolvedValueOnce(judgement(0, 5, 0)).mockResolvedValueOnce(judgement(0, 5, 0));
  const result = await check([FACE, FACE]);
  const [fake, live] = result.ok ? result.stills.map((still) => (still.ok ? still.realScore : -1)) : [];
  expect(fake).toBeLessThan(0.1);
  expect(live).toBeGreaterThan(0.9);
});

const FAILED = { ok: false, reason: 'the pictures could not be checked' };

test.each<[string, () => void]>([
  ['the texture network', () => judgeTexture.mockRejectedValueOnce(new Error('secret: out of memory'))],
  ['the detector', () => detectFaces.mockRejectedValueOnce(new Error('secret'))],
  ['the decoder', () => decodePicture.mockRejectedValueOnce(new Error('secret: codec'))],
])('a fault of %s fails the whole call, is logged, and its cause is not told', async (_, breakIt) => {
  breakIt();
  expect(await check([FACE, FACE])).toEqual(FAILED);
  expect(log).toHaveBeenCalledExactlyOnceWith(
    expect.any(String),
    expect.objectContaining({ message: expect.stringContaining('secret') }),
  );
});

test('so does one in a later picture, and one while the tools are loaded', async () => {
  judgeTexture.mockResolvedValueOnce(judgement(4, 0, 0)).mockResolvedValueOnce(judgement(4, 0, 0));
  judgeTexture.mockRejectedValueOnce(new Error('late'));
  expect(await check([FACE, FACE])).toEqual(FAILED);
  const loading = checkStills({ pictures: [] }, async () => await Promise.reject(new Error('no weights')), log);
  expect(await loading).toEqual(FAILED);
});

test('a network that answers what is no number has nobody taken for live', async () => {
  judgeTexture.mockImplementation(async () => judgement(Number.NaN, 0, 0));
  expect(await check([FACE])).toEqual({ ok: true, stills: [{ ...JUDGED, realScore: 0, advice: expect.any(String) }] });
});
