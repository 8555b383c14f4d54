import { describe, expect, it } from 'vitest';
import type { CollectionExtent, GalleryPlace, GallerySearch } from '#shared/rpc/galleries.ts';
import type { ShardSearchResult } from './gallery-shard.ts';
import { everyShard, searchCollections } from './search-collections.ts';

const extent = (collectionId: string, shardCount: number, organisationId = 'acme'): CollectionExtent => ({
  organisationId,
  collectionId,
  shardCount,
});
const request = (collections: CollectionExtent[], count = 10): GallerySearch => ({
  collections,
  probe: new Float32Array(512),
  mode: 'FAST',
  count,
  leastCosine: 0.25,
});
const nameOf = ({ collectionId, shard }: GalleryPlace) => `${collectionId}${shard}`;
const found = (...matches: [string, number][]): ShardSearchResult => ({
  ok: true,
  matches: matches.map(([personId, cosine]) => ({ personId, cosine })),
});

describe('a search', () => {
  it('asks every shard of every collection at once, and puts the best first', async () => {
    const answers: Record<string, ShardSearchResult> = {
      a0: found(['ada', 0.7], ['bob', 0.3]),
      a1: found(['eve', 0.9]),
      b0: found(['ida', 0.5]),
    };
    let asking = 0;
    const result = await searchCollections(request([extent('a', 2), extent('b', 1)], 3), async (place, question) => {
      expect(question).toEqual({ probe: new Float32Array(512), mode: 'FAST', count: 3, leastCosine: 0.25 });
      asking++;
      await Promise.resolve();
      expect(asking).toBe(3);
      return answers[nameOf(place)] ?? found();
    });
    expect(result).toEqual({
      ok: true,
      matches: [
        { collectionId: 'a', shard: 1, personId: 'eve', cosine: 0.9 },
        { collectionId: 'a', shard: 0, personId: 'ada', cosine: 0.7 },
        { collectionId: 'b', shard: 0, personId: 'ida', cosine: 0.5 },
      ],
    });
  });

  it('fails when one shard does: whom it holds might have been meant', async () => {
    const result = await searchCollections(request([extent('a', 3)]), async ({ shard }) =>
      shard === 1 ? { ok: false, reason: 'failed' } : found(['ada', 0.7]),
    );
    expect(result).toEqual({ ok: false, reason: 'failed' });
  });

  it('of no collection, or of collections without a shard, finds nobody', async () => {
    for (const collections of [[], [extent('a', 0)]]) {
      const result = await searchCollections(request(collections), async () => found(['ada', 0.7]));
      expect(result).toEqual({ ok: true, matches: [] });
    }
  });

  it('keeps the order of equal ones', async () => {
    const result = await searchCollections(request([extent('b', 2), extent('a', 1)], 2), async (place) =>
      found([nameOf(place), 0.5]),
    );
    expect(result).toMatchObject({ matches: [{ personId: 'b0' }, { personId: 'b1' }] });
  });
});

describe('the shards of collections', () => {
  it('are named once each, however often a collection is', () => {
    const places = everyShard([extent('a', 1), extent('a', 2), extent('a', 1, 'globex')]);
    expect(places.map(({ organisationId, shard }) => `${organisationId} ${shard}`)).toEqual([
      'acme 0',
      'acme 1',
      'globex 0',
    ]);
  });
});
