import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exactSearch, Index, MetricKind, ScalarKind } from 'usearch';
import { DIMENSIONS } from '../../shared/lib/embedding.ts';
import { slice, type Vectors, vectorAt } from './synthetic-faces.ts';

export interface PeerResult {
  name: string;
  found: number[][];
  perSearchMs: number[];
  /** What it took beforehand. */
  cost: string;
}

const THREADS = 1;
const ADDED_TOGETHER = 10_000;
/** How many usearch looks at on its way; 0 is its own default, the other finds nearly everybody. */
const EXPANSIONS = [0, 1024];
const MIB = 2 ** 20;

/**
 * usearch in native code, searched on one thread: HNSW over float32 as it comes, the same graph searched more widely, and its own
 * exact search.
 */
export function searchWithUsearch(gallery: Vectors, probes: Vectors, count: number): PeerResult[] {
  const before = process.memoryUsage().rss;
  const startedAtMs = performance.now();
  const built = emptyIndex(0);
  for (let from = 0; from < gallery.count; from += ADDED_TOGETHER) {
    const part = slice(gallery, from, Math.min(gallery.count, from + ADDED_TOGETHER));
    built.add(
      BigUint64Array.from({ length: part.count }, (_, i) => BigInt(from + i)),
      part.values,
      0,
    );
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const cost = `${seconds} s to build, ${((process.memoryUsage().rss - before) / MIB).toFixed(0)} MiB`;
  const path = join(tmpdir(), `bench-faces-${process.pid}.usearch`);
  built.save(path);
  try {
    const results = EXPANSIONS.map((expansion) => {
      const index = emptyIndex(expansion);
      index.load(path);
      const timed = search(probes, (vector) => index.search(vector, count, THREADS).keys);
      return { name: expansion === 0 ? 'usearch, HNSW' : `usearch, HNSW, ${expansion}`, ...timed, cost };
    });
    const exact = search(
      probes,
      (vector) =>
        // It takes a view for the whole of its memory.
        exactSearch(gallery.values, vector.slice(), DIMENSIONS, count, MetricKind.Cos, THREADS).keys,
    );
    return [...results, { name: 'usearch, exact', ...exact, cost: '' }];
  } finally {
    rmSync(path);
  }
}

function emptyIndex(expansion: number): Index {
  return new Index({
    metric: MetricKind.Cos,
    quantization: ScalarKind.F32,
    dimensions: DIMENSIONS,
    connectivity: 0,
    expansion_add: 0,
    expansion_search: expansion,
    multi: false,
  });
}

function search(
  probes: Vectors,
  ask: (probe: Float32Array) => BigUint64Array,
): Pick<PeerResult, 'found' | 'perSearchMs'> {
  const found: number[][] = [];
  const perSearchMs: number[] = [];
  for (let probe = 0; probe < probes.count; probe++) {
    const startedAtMs = performance.now();
    const keys = ask(vectorAt(probes, probe));
    perSearchMs.push(performance.now() - startedAtMs);
    found.push(Array.from(keys, Number));
  }
  return { found, perSearchMs };
}
