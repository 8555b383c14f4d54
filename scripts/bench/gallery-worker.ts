import { DIMENSIONS } from '../../shared/lib/embedding.ts';
import type { GalleryPlace, SearchMode } from '../../shared/rpc/galleries.ts';
import { GalleryShard } from '../../workers/gallery/gallery-shard.ts';
import type { ShardMatch } from '../../workers/gallery/gallery-shard-work.ts';

interface Env {
  GALLERY_SHARD: DurableObjectNamespace<BenchShard>;
}

export interface TimedSearches {
  /** For each probe, best first. */
  found: ShardMatch[][];
  /** Milliseconds a search, of so many searches in a row: the clock has steps of one. */
  perSearchMs: number[];
}

const THUMBNAIL = new Uint8Array(64);

/** The shard as it is, with a way to fill it without a call for each person, and a clock round its searches. */
export class BenchShard extends GalleryShard {
  async fill(place: GalleryPlace, first: number, values: Float32Array): Promise<number> {
    const startedAtMs = Date.now();
    for (let i = 0; i * DIMENSIONS < values.length; i++) {
      const embedding = values.slice(i * DIMENSIONS, (i + 1) * DIMENSIONS);
      const face = { id: 'face', embedding, thumbnail: THUMBNAIL, pictureHash: `${first + i}`, createdAtMs: 0 };
      const result = await this.enrol(place, { personId: `${first + i}`, faces: [face], refuseFromCosine: null });
      if (!result.ok) throw new Error(`not enrolled: ${result.reason}`);
    }
    return Date.now() - startedAtMs;
  }

  async timedSearches(
    place: GalleryPlace,
    values: Float32Array,
    { mode, count, together }: { mode: SearchMode; count: number; together: number },
  ): Promise<TimedSearches> {
    const found: ShardMatch[][] = [];
    const perSearchMs: number[] = [];
    const probes = values.length / DIMENSIONS;
    while (found.length < probes) {
      const until = Math.min(probes, found.length + together);
      const startedAtMs = Date.now();
      const begun = found.length;
      while (found.length < until) {
        const probe = values.subarray(found.length * DIMENSIONS, (found.length + 1) * DIMENSIONS);
        const result = await this.search(place, { probe, mode, count, leastCosine: -1 });
        if (!result.ok) throw new Error('the search failed');
        found.push(result.matches);
      }
      perSearchMs.push((Date.now() - startedAtMs) / (until - begun));
    }
    return { found, perSearchMs };
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    const url = new URL(request.url);
    const number = (name: string) => Number(url.searchParams.get(name));
    const place = {
      organisationId: 'bench',
      collectionId: url.searchParams.get('collection') ?? '',
      shard: number('shard'),
    };
    const shard = env.GALLERY_SHARD.getByName(JSON.stringify(place));
    const values = new Float32Array(await request.arrayBuffer());
    if (url.pathname === '/fill') return Response.json(await shard.fill(place, number('first'), values));
    const mode = url.searchParams.get('mode') === 'FAST' ? 'FAST' : 'ACCURATE';
    const options = { mode, count: number('count'), together: number('together') } as const;
    return Response.json(await shard.timedSearches(place, values, options));
  },
} satisfies ExportedHandler<Env>;
