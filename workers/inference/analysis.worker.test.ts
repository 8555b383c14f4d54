import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import type { InferenceService, PictureOutcome } from '#shared/rpc/inference.ts';
import { type AnalyseRequest, type FaceEvidence, type FrameEvidence, PATCH_SIDE } from '#shared/rpc/inference.ts';
import { REAL_FACE_CROP } from '#shared/testing/real-face-crop.ts';
import { buildPng } from './picture/testing/build-png.ts';

// The service binding of the composed Worker: what the gateway calls.
const { INFERENCE } = env as unknown as { INFERENCE: InferenceService };

// The first call of an isolate loads runtime, weights and decoders, which can take 20 seconds under test.
vi.setConfig({ testTimeout: 60_000 });

const FACE = Uint8Array.from(atob(REAL_FACE_CROP), (letter) => letter.charCodeAt(0));
const withoutFace = (seed: number) =>
  buildPng({ width: 224, height: 224, bitDepth: 8, colourType: 2, sample: (x, y, c) => (x * 3 + y * c + seed) & 255 });
const GARBAGE = new Uint8Array(500).fill(7);

async function analyse(pictures: Uint8Array[], different: Partial<AnalyseRequest> = {}): Promise<PictureOutcome[]> {
  const numbered = pictures.map((bytes, ordinal) => ({ bytes, ordinal }));
  const request: AnalyseRequest = { kind: 'crop', pictures: numbered, previousFace: null, ...different };
  const result = await INFERENCE.analyseFrames(request);
  if (!result.ok) throw new Error(result.reason);
  return result.outcomes;
}

async function faces(ordinals: number[]): Promise<FrameEvidence[]> {
  const pictures = ordinals.map((ordinal) => ({ bytes: FACE, ordinal }));
  return (await analyse([], { pictures })).flatMap((outcome) => (outcome.ok ? [outcome.evidence] : []));
}

function near(values: readonly number[], actual: Iterable<number> | undefined, tolerance: number): void {
  const differences = [...(actual ?? [])].map((value, i) => Math.abs(value - (values[i] ?? Number.NaN)));
  expect(differences).toHaveLength(values.length);
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

const point = ({ landmarks }: FaceEvidence, index: number) => landmarks.slice(index * 2, index * 2 + 2);

test('outcomes in order: a picture without a face, garbage, a face', async () => {
  const [none, garbage, face] = await analyse([withoutFace(1), GARBAGE, FACE]);
  const nothing = { version: 1, kind: 'crop', width: 224, height: 224, face: null };
  expect(none).toEqual({ ok: true, evidence: nothing });
  expect(garbage).toEqual({ ok: false, problem: 'not_a_picture' });
  expect(face).toMatchObject({ ok: true, evidence: { ...nothing, face: { faceCount: 1 } } });
});

// Recorded of the same bytes through `onnxruntime-node`, as `frame/analyse-frame.unit.test.ts` runs it.
test('a real face: the same box, points, margins and patch as in the native runtime', async () => {
  const [square, whole] = await faces([0, 2]);
  const face = square?.face;
  if (!face) throw new Error('no face');
  near([86.27, 74.39, 51.4, 72.91], [face.box.x, face.box.y, face.box.width, face.box.height], 0.1);
  near([114.31, 150.85], point(face, 8), 0.2);
  near([98.09, 102.92], point(face, 36), 0.2);
  near([124.27, 132.02], point(face, 54), 0.2);
  expect(face.textureMargins.square).toBeCloseTo(4.863, 1);
  expect(face.textureMargins.whole).toBeNull();
  expect(whole?.face?.textureMargins).toEqual({ square: null, whole: expect.closeTo(5.777, 1) });
  near([190.69, 115.98, 94.96], face.skin.slice(0, 3), 1);
  expect(face.confidence).toBeCloseTo(0.9999987, 5);
  expect(face.patch).toHaveLength(PATCH_SIDE ** 2);
});

test('records cross RPC as what they are: arrays of numbers, not objects of them', async () => {
  const [evidence] = await faces([0]);
  expect(evidence?.face?.landmarks).toBeInstanceOf(Float32Array);
  expect(evidence?.face?.skin).toBeInstanceOf(Float32Array);
  expect(evidence?.face?.patch).toBeInstanceOf(Uint8Array);
  // And go back, to spare the detector: the box is the one that was given, to the last digit.
  const previousFace = evidence?.face ?? null;
  const [next] = await analyse([], { pictures: [{ bytes: FACE, ordinal: 1 }], previousFace });
  expect(next?.ok && next.evidence.face?.box).toEqual(previousFace?.box);
});

test('one picture ten times is no film: not live, with the reason', async () => {
  const evidence = await faces([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const result = await INFERENCE.judge({ model: 'mixed-10-v2', evidence, fps: 30 });
  expect(result).toMatchObject({ ok: true, judgement: { realScore: 0, warning: expect.stringMatching(/repeat/) } });
});

test('ten pictures without a face: not live, with the reason', async () => {
  const outcomes = await analyse(Array.from({ length: 10 }, (_, seed) => withoutFace(seed)));
  const evidence = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.evidence] : []));
  expect(evidence).toHaveLength(10);
  const result = await INFERENCE.judge({ model: '10', evidence, fps: null });
  expect(result).toMatchObject({ ok: true, judgement: { realScore: 0, warning: expect.stringMatching(/[Nn]o face/) } });
});

test('a model that there is no file for is not judged', async () => {
  const model = JSON.parse('"mixed-11-v9"');
  expect(await INFERENCE.judge({ model, evidence: [], fps: null })).toEqual({
    ok: false,
    reason: 'the check could not be judged',
  });
});
