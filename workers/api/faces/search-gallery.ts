import { cosineFrom, scoreOf } from '#models/face-score.ts';
import { invalidField, notFound } from '#shared/contract/errors.ts';
import type { Candidate } from '#shared/contract/face-search.ts';
import { type FaceCollectionRow, findCollection, listCollections } from '#shared/db/face-collections.ts';
import { type FacePersonRow, findPersons } from '#shared/db/face-persons.ts';
import type { CollectionExtent, GalleryMatch, SearchMode } from '#shared/rpc/galleries.ts';
import type { Services } from '../services.ts';
import { askGallery } from './ask-gallery.ts';
import { readThumbnails } from './read-thumbnails.ts';

/** A search asks every shard of every collection at once, and a request may only ask so many. */
const MOST_COLLECTIONS = 50;
const THUMBNAILS_SHOWN = 3;

export interface SearchQuestion {
  organisationId: string;
  probe: Float32Array;
  collectionId: string | undefined;
  mode: SearchMode;
  minScore: number;
  maxResults: number;
}

/** Who of the organisation's people looks like the probe, the most similar first. */
export async function searchGallery(services: Services, question: SearchQuestion): Promise<Candidate[]> {
  const collections = await collectionsToSearch(services, question.organisationId, question.collectionId);
  if (collections.length === 0) return [];
  const matches = await findMatches(services, collections, question);
  const persons = await findPersons(
    services.database,
    question.organisationId,
    matches.map(({ personId }) => personId),
  );
  return present(services, matches, persons);
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

/** Which ones are there is looked up before any work, so that a search of none costs nothing. */
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

/** Whoever is not in the database is not there yet, or not any more, whatever the gallery still holds. */
async function present(services: Services, matches: readonly GalleryMatch[], persons: readonly FacePersonRow[]) {
  const byId = new Map(persons.map((person) => [person.id, person]));
  const found = matches.flatMap(({ personId, cosine }) => {
    const person = byId.get(personId);
    return person === undefined ? [] : [{ person, cosine }];
  });
  const thumbnails = await readThumbnails(
    services,
    found.map(({ person }) => person),
    THUMBNAILS_SHOWN,
  );
  return found.map(({ person, cosine }) => ({
    id: person.id,
    name: person.name,
    score: scoreOf(cosine),
    collection_id: person.collectionId,
    thumbnails: thumbnails.get(person.id) ?? [],
  }));
}
