import type { FacePersonRow } from '#shared/db/face-persons.ts';
import type { GalleryPlace, PersonsToRead } from '#shared/rpc/galleries.ts';
import type { Services } from '../services.ts';
import { askGallery } from './ask-gallery.ts';

export interface PresentedThumbnail {
  id: string;
  thumbnail: string;
}

/** Somebody in a gallery. */
export type PlacedPerson = Pick<FacePersonRow, 'id' | 'organisationId' | 'collectionId' | 'shard'>;

/** Of each person, the oldest ones, as base64. */
export async function readThumbnails(
  { galleries }: Pick<Services, 'galleries'>,
  persons: readonly PlacedPerson[],
  perPerson: number,
): Promise<Map<string, PresentedThumbnail[]>> {
  if (persons.length === 0) return new Map();
  const { persons: read } = await askGallery(() => galleries.readFaces(byShard(persons), perPerson));
  return new Map(
    read.map(({ personId, faces }) => [
      personId,
      faces.map(({ id, thumbnail }) => ({ id, thumbnail: thumbnail.toBase64() })),
    ]),
  );
}

function byShard(persons: readonly PlacedPerson[]): PersonsToRead[] {
  const groups = Map.groupBy(persons, ({ collectionId, shard }) => `${collectionId} ${shard}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ place: placeOf(first), personIds: group.map(({ id }) => id) }];
  });
}

export function placeOf({ organisationId, collectionId, shard }: PlacedPerson): GalleryPlace {
  return { organisationId, collectionId, shard };
}
