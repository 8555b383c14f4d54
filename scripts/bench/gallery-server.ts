import { randomBytes } from 'node:crypto';
import { createTestHarness } from 'wrangler';
import type { SearchMode } from '../../shared/rpc/galleries.ts';
import type { TimedSearches } from './gallery-worker.ts';
import { slice, type Vectors } from './synthetic-faces.ts';

export interface ShardName {
  collection: string;
  shard: number;
}

export interface GalleryServer {
  fill(name: ShardName, first: number, vectors: Vectors): Promise<void>;
  search(name: ShardName, probes: Vectors, options: SearchOptions): Promise<TimedSearches>;
  /** A new process over the same disk: nothing is in memory. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface SearchOptions {
  mode: SearchMode;
  count: number;
  /** How many are timed as one. */
  together: number;
}

/** What goes over in one call: RPC takes 32 MiB. */
const FILLED_TOGETHER = 10_000;

/** Shards of a gallery in a workerd of their own. */
export async function startGalleryServer(): Promise<GalleryServer> {
  const faceDataKey = randomBytes(32).toString('base64');
  const options = (life: number) => ({
    workers: [
      {
        config: {
          name: 'gallery-bench',
          main: 'scripts/bench/gallery-worker.ts',
          compatibility_date: '2026-10-01',
          compatibility_flags: ['nodejs_compat'],
          // Something must differ, or nothing is started anew.
          vars: { FACE_DATA_KEY: faceDataKey, LIFE: `${life}` },
          durable_objects: { bindings: [{ name: 'GALLERY_SHARD', class_name: 'BenchShard' }] },
          migrations: [{ tag: 'v1', new_sqlite_classes: ['BenchShard'] }],
        },
      },
    ],
  });
  const server = createTestHarness(options(1));
  let { url } = await server.listen();
  let lives = 1;
  const ask = async (path: string, query: Record<string, string | number>, body?: Vectors): Promise<unknown> => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, `${value}`]));
    const init = { method: 'POST', body: body?.values ?? null };
    const response = await fetch(new URL(`${path}?${search}`, url), init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    return await response.json();
  };
  return {
    fill: async (name, first, vectors) => {
      for (let from = 0; from < vectors.count; from += FILLED_TOGETHER) {
        const part = slice(vectors, from, Math.min(vectors.count, from + FILLED_TOGETHER));
        await ask('/fill', { ...name, first: first + from }, part);
      }
    },
    search: async (name, probes, asked) => (await ask('/search', { ...name, ...asked }, probes)) as TimedSearches,
    restart: async () => {
      lives++;
      await server.update(options(lives));
      ({ url } = await server.listen());
    },
    close: () => server.close(),
  };
}
