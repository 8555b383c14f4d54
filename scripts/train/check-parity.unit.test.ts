import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realPicture } from '#shared/testing/real-recordings.ts';
import { analyseFrame } from '../../workers/inference/frame/analyse-frame.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { nativeNetworks } from '../native/native-networks.ts';
import { checkParity } from './check-parity.ts';
import { exportedFaces } from './exported-faces.ts';
import { picturesOf } from './manifest-pictures.ts';

type Margins = [number, number];

const native = await nativeNetworks();
/** Margins that differ from face to face and view to view, whatever ours is trained to say next. */
const networks: Networks = {
  ...native,
  judgeTexture: async (input) => ({ liveness: Float32Array.of(0, 0, 0), recapture: brightness(input) }),
};
const brightness = (input: Float32Array) => input.reduce((sum, value) => sum + value) / input.length / 32;

const rowOf = (file: string) => ({ file, path: realPicture(file), label: 'image:live', source: 'franck' });
const ROWS = [rowOf('franck_01829.jpg'), rowOf('franck_02888.jpg')];
// Each picture is exported as a frame and as a crop.
const FRAMES = [0, 2];

let folder: string;
let faces: string;
let given: Margins[];

/** What a check of the whole picture comes to. */
async function marginsInService(row: (typeof ROWS)[number], asked: Networks): Promise<Margins> {
  for await (const { picture } of picturesOf(row)) {
    const sampling = { detect: true, square: true, whole: true };
    const { face } = await analyseFrame({ picture, kind: 'frame', sampling, previousFace: null }, asked);
    return [face?.recaptureMargins?.square ?? Number.NaN, face?.recaptureMargins?.whole ?? Number.NaN];
  }
  throw new Error(`${row.file} is no picture`);
}

async function check(margins: unknown, ofFaces: unknown = FRAMES, asked = networks): Promise<void> {
  const parity = join(folder, 'parity.json');
  await writeFile(parity, JSON.stringify({ faces: ofFaces, margins }));
  await checkParity(faces, parity, asked);
}

/** The margins of the service, but for one of them. */
const but = (at: number, view: number, change: (margin: number) => number) =>
  given.map((both, i) => both.map((margin, v) => (i === at && v === view ? change(margin) : margin)));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-'));
  faces = await exportedFaces(ROWS, folder, networks, () => {});
  given = await Promise.all(ROWS.map((row) => marginsInService(row, networks)));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test('the margins of a check itself pass, with our network as it is committed', async () => {
  const margins = await Promise.all(ROWS.map((row) => marginsInService(row, native)));
  expect(margins.flat().every(Number.isFinite)).toBe(true);
  await expect(check(margins, FRAMES, native)).resolves.toBeUndefined();
});

test('what differs by no more than two runtimes do passes', async () => {
  await expect(check(given.map((both) => both.map((margin) => margin + 0.01)))).resolves.toBeUndefined();
});

test.each([
  [0, 0, 0],
  [0, 0, 1],
  [1, 2, 0],
  [1, 2, 1],
])('a margin that is off by 0.1 (the %ith, of face %i, view %i) is named', async (at, face, view) => {
  for (const off of [0.1, -0.1]) {
    await expect(check(but(at, view, (margin) => margin + off))).rejects.toThrow(`(face ${face}, view ${view})`);
  }
});

test('the margins of one face are not those of another, nor one view the other', async () => {
  await expect(check(given.toReversed())).rejects.toThrow('face');
  await expect(check(given.map(([square, whole]) => [whole, square]))).rejects.toThrow('face');
});

test('beyond 8 training may be as sure as it likes: the service holds its own there', async () => {
  const sure = (recapture: number) => ({
    ...networks,
    judgeTexture: async () => ({ liveness: Float32Array.of(0, 0, 0), recapture }),
  });
  const both = (margin: number) => [[margin, margin]];
  await expect(check(both(30), [0], sure(12))).resolves.toBeUndefined();
  await expect(check(both(-30), [0], sure(-8.5))).resolves.toBeUndefined();
  await expect(check(both(7.9), [0], sure(12))).rejects.toThrow('comes to 8 where training came to 7.9');
  await expect(check(both(-30), [0], sure(12))).rejects.toThrow('comes to 8 where training came to -8');
});

test('a network that answers with no number never passes', async () => {
  const judgeTexture = async () => ({ liveness: Float32Array.of(0, 0, 0), recapture: Number.NaN });
  await expect(check(given, FRAMES, { ...networks, judgeTexture })).rejects.toThrow('NaN');
});

test.each([
  ['no faces', () => check([], [])],
  ['fewer margins than faces', () => check(given.slice(0, 1))],
  ['one view alone', () => check(given.map(([square]) => [square]))],
  ['a face that was not exported', () => check(given, [0, 99])],
])('a file with %s says nothing, so it is refused', async (_, checked) => {
  await expect(checked()).rejects.toThrow();
});
