import { iso } from '#shared/contract/common.ts';
import type { Collection, Person, PersonWithThumbnails } from '#shared/contract/face-search.ts';
import type { FaceCollectionRow } from '#shared/db/face-collections.ts';
import type { FacePersonRow } from '#shared/db/face-persons.ts';
import { MOST_FACES } from '#shared/rpc/galleries.ts';
import type { Services } from '../services.ts';
import { readThumbnails } from './read-thumbnails.ts';

export function presentPerson(row: FacePersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    collection_id: row.collectionId,
    face_count: row.faceCount,
    created_at: iso(row.createdAtMs),
    updated_at: iso(row.updatedAtMs),
  };
}

export async function presentPersonInFull(services: Services, row: FacePersonRow): Promise<PersonWithThumbnails> {
  const thumbnails = await readThumbnails(services, [row], MOST_FACES);
  return { ...presentPerson(row), thumbnails: thumbnails.get(row.id) ?? [] };
}

export function presentCollection(row: FaceCollectionRow): Collection {
  return { id: row.id, name: row.name, person_count: row.personCount, created_at: iso(row.createdAtMs) };
}
