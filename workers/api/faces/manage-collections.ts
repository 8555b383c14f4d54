import { notFound } from '#shared/contract/errors.ts';
import {
  addCollection,
  type FaceCollectionRow,
  forgetCollection,
  markCollectionDeleted,
  renameCollection,
} from '#shared/db/face-collections.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { Services } from '../services.ts';
import { claimLost } from '../use-cases/answer-once.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { askGallery } from './ask-gallery.ts';
import type { ClearServices } from './remove-person.ts';
import { extentOf } from './search-gallery.ts';

export async function createCollection(
  services: Services,
  organisationId: string,
  creation: Creation,
  name: string,
): Promise<FaceCollectionRow> {
  const row = { id: creation.id, organisationId, name, createdAtMs: services.nowMs() };
  const added = await addCollection(services.database, row, creation);
  if (added === null) throw claimLost();
  return added;
}

export async function changeCollection(
  services: Services,
  organisationId: string,
  collectionId: string,
  name: string,
): Promise<FaceCollectionRow> {
  const row = await renameCollection(services.database, organisationId, collectionId, name);
  if (row === null) throw notFound('Collection');
  return row;
}

/** As with a person: gone at once for everybody, and out of the database only once nothing is left in the gallery. */
export function removeCollection(services: Services, organisationId: string, collectionId: string): Promise<void> {
  return finishAnyway(services, remove());

  async function remove(): Promise<void> {
    const marked = await markCollectionDeleted(services.database, organisationId, collectionId, services.nowMs());
    if (marked === null) throw notFound('Collection');
    await eraseCollection(services, marked);
  }
}

export async function eraseCollection(
  { database, galleries }: ClearServices,
  collection: FaceCollectionRow,
): Promise<void> {
  await askGallery(() => galleries.erase(extentOf(collection)));
  await forgetCollection(database, collection.id);
}
