import { cosineFrom, scoreOf } from '#models/face-score.ts';
import { invalidField, notFound } from '#shared/contract/errors.ts';
import type { Candidate } from '#shared/contract/face-search.ts';
import { type FaceCollectionRow, findCollection, listCollections } from '#shared/db/face-collections.ts';
import { type FacePersonRow, findPersons } from '#shared/db/face-persons.ts';
import type { CollectionExtent, GalleryMatch, SearchMode } from '#shared/rpc/galleries.ts';
import type { Services } from '../services.ts';
import { askGallery } from './ask-gallery.ts';
import { type PresentedThumbnail, readThumbnails } from './read-thumbnails.ts';

/** A search asks every shard of every collection at once, and a request may only ask so many. */
const MOST_COLLECTIONS = 50;
const THUMBNAILS_SHOWN = 3;

export interface SearchQuestion {
  organisationId: string;
  collections: readonly FaceCollectionRow[];
  probe: Float32Array;
  mode: SearchMode;
  minScore: number;
  maxResults: number;
}

/** Who of the organisation's people looks like the probe, the most similar first. */
export async function searchGallery(services: Services, question: SearchQuestion): Promise<Candidate[]> {
  const { organisationId, collections } = question;
  if (collections.length === 0) return [];
  const matches = await findMatches(services, collections, question);
  const found = matches.map(({ personId, ...where }) => ({ id: personId, organisationId, ...where }));
  const ids = found.map(({ id }) => id);
  const [persons, thumbnails] = await Promise.all([
    findPersons(services.database, organisationId, ids),
    readThumbnails(services, found, THUMBNAILS_SHOWN),
  ]);
  const byId = new Map(persons.map((person) => [person.id, person]));
  // Whoever is not in the database is not there yet, or not any more, whatever the gallery still holds.
  return found.flatMap(({ id, cosine }) => {
    const person = byId.get(id);
    return person === undefined ? [] : [present(person, scoreOf(cosine), thumbnails.get(id) ?? [])];
  });
}

function present(
  { id, name, collectionId }: FacePersonRow,
  score: number,
  thumbnails: PresentedThumbnail[],
): Candidate {
  return { id, name, score, collection_id: collectionId, thumbnails };
}

export async function findMatches(
  services: Services,
  collections: readonly FaceCollectionRow[],
  { probe, mode, minScore, maxResults }: Pick<SearchQuestion, 'probe' | 'mode' | 'minScore' | 'maxResults'>,
): Promise<GalleryMatch[]> {
  const { matches } = await askGallery(() =>
    services.galleries.search({
      collections: collections.map(extentOf),
      probe,
      mode,
      count: maxResults,
      leastCosine: cosineFrom(minScore),
    }),
  );
  // By the very score that is shown: the least cosine was rounded on its way.
  return matches.filter(({ cosine }) => scoreOf(cosine) >= minScore);
}

export function extentOf({ id, organisationId, shardCount }: FaceCollectionRow): CollectionExtent {
  return { organisationId, collectionId: id, shardCount };
}

/** Which ones are there is looked up before any work, so that a search of one that is not there costs nothing. */
export async function collectionsToSearch(
  services: Services,
  organisationId: string,
  collectionId: string | undefined,
): Promise<FaceCollectionRow[]> {
  if (collectionId !== undefined) {
    const collection = await findCollection(services.database, organisationId, collectionId);
    if (collection === null) throw notFound('Collection');
    return [collection];
  }
  const page = { after: null, limit: MOST_COLLECTIONS };
  const collections = await listCollections(services.database, organisationId, page);
  if (collections.length <= MOST_COLLECTIONS) return collections;
  const message = `collection_id is required: the organisation has more than ${MOST_COLLECTIONS} collections`;
  throw invalidField('collection_id', message);
}
