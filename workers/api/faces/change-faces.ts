import { SAME_PERSON_COSINE } from '#models/face-score.ts';
import { invalidField, notFound } from '#shared/contract/errors.ts';
import { changePerson, type FacePersonRow, findPerson } from '#shared/db/face-persons.ts';
import { type GalleryPlace, MOST_FACES } from '#shared/rpc/galleries.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { askGallery } from './ask-gallery.ts';
import { anotherPerson, fuseSubjects } from './fuse-subjects.ts';
import { requireCredits, takeCredits } from './paid-call.ts';
import { readFacesToKeep } from './read-faces-to-keep.ts';
import type { Subject } from './read-subjects.ts';
import { placeOf } from './read-thumbnails.ts';

/** More faces of a person, all or none. Those that the person has already are left out, and paid for all the same. */
export function addFaces(
  services: Services,
  caller: KeyCaller,
  personId: string,
  images: readonly string[],
): Promise<FacePersonRow> {
  return finishAnyway(services, add());

  async function add(): Promise<FacePersonRow> {
    const startedAtMs = services.nowMs();
    await requireCredits(services, caller, 'addPersonFaces');
    const person = await findPerson(services.database, caller.organisation.id, personId);
    if (person === null) throw notFound('Person');
    const place = placeOf(person);
    const { subjects, faces } = await readFacesToKeep(services, images);
    fuseSubjects(subjects);
    await refuseStrangers(services, place, personId, subjects);
    const added = await askGallery(() => services.galleries.addFaces(place, personId, faces));
    if (!added.ok && added.reason === 'too_many_faces') {
      throw invalidField('images', `images would give the person more than ${MOST_FACES} faces`);
    }
    if (!added.ok) throw notFound('Person');
    try {
      const work = { operation: 'addPersonFaces', pictures: faces.length, startedAtMs } as const;
      await takeCredits(services, caller, { ...work, id: services.newId() });
    } catch (error) {
      // Not paid for, so not kept. Should this fail as well, a face too many of the right person is the lesser harm.
      for (const id of added.added) await services.galleries.removeFace(place, personId, id).catch(() => undefined);
      throw error;
    }
    return await settle(services, person, added.faceIds.length);
  }
}

export async function removeFace(
  services: Services,
  organisationId: string,
  personId: string,
  faceId: string,
): Promise<FacePersonRow> {
  const person = await findPerson(services.database, organisationId, personId);
  if (person === null) throw notFound('Person');
  const removed = await askGallery(() => services.galleries.removeFace(placeOf(person), personId, faceId));
  if (removed.ok) return await settle(services, person, removed.faceIds.length);
  if (removed.reason === 'no_such_face') throw notFound('Face');
  throw invalidField('face_id', 'face_id is the last face of the person; remove the person instead');
}

/** A face that is somebody else's would make two people one. */
async function refuseStrangers(
  services: Services,
  place: GalleryPlace,
  personId: string,
  subjects: readonly Subject[],
): Promise<void> {
  for (const { image, embedding } of subjects) {
    const { cosine } = await askGallery(() => services.galleries.compare(place, personId, embedding));
    if (cosine === null) throw notFound('Person');
    if (!(cosine >= SAME_PERSON_COSINE)) throw anotherPerson(image.index);
  }
}

async function settle(services: Services, person: FacePersonRow, faceCount: number): Promise<FacePersonRow> {
  const change = { faceCount, updatedAtMs: services.nowMs() };
  const changed = await changePerson(services.database, person.organisationId, person.id, change);
  // Removed meanwhile, faces and all.
  if (changed === null) throw notFound('Person');
  return changed;
}
