import type {
  CollectionExtent,
  GalleryMatch,
  GalleryPlace,
  GallerySearch,
  GallerySearchResult,
} from '#shared/rpc/galleries.ts';
import type { ShardSearchResult } from './gallery-shard.ts';
import type { ShardQuestion } from './gallery-shard-work.ts';

type AskShard = (place: GalleryPlace, question: ShardQuestion) => Promise<ShardSearchResult>;

/** All shards at once. One that fails fails the search: the person might have been there. */
export async function searchCollections(
  { collections, ...question }: GallerySearch,
  ask: AskShard,
): Promise<GallerySearchResult> {
  const answers = await Promise.all(
    everyShard(collections).map(async (place) => ({ place, result: await ask(place, question) })),
  );
  const matches: GalleryMatch[] = [];
  for (const { place, result } of answers) {
    if (!result.ok) return result;
    const { collectionId, shard } = place;
    matches.push(...result.matches.map((match) => ({ collectionId, shard, ...match })));
  }
  // Sorting is stable: of equal ones, those of the collection named first, and in it those enrolled first.
  return { ok: true, matches: matches.sort((a, b) => b.cosine - a.cosine).slice(0, question.count) };
}

/** A collection that is named twice is asked once. */
export function everyShard(collections: readonly CollectionExtent[]): GalleryPlace[] {
  const places = new Map<string, GalleryPlace>();
  for (const { organisationId, collectionId, shardCount } of collections) {
    for (let shard = 0; shard < shardCount; shard++) {
      places.set(JSON.stringify([organisationId, collectionId, shard]), { organisationId, collectionId, shard });
    }
  }
  return [...places.values()];
}
