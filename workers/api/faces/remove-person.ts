import { notFound } from '#shared/contract/errors.ts';
import { type FacePersonRow, forgetPerson, markPersonDeleting } from '#shared/db/face-persons.ts';
import type { Services } from '../services.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { askGallery } from './ask-gallery.ts';
import { placeOf } from './read-thumbnails.ts';

export type ClearServices = Pick<Services, 'database' | 'galleries'>;

/**
 * From the first statement on nobody finds the person; the last one comes only when nothing of their face is left. Cut off in
 * between, a repetition or the hourly look goes on with it.
 */
export function removePerson(services: Services, organisationId: string, personId: string): Promise<void> {
  return finishAnyway(services, remove());

  async function remove(): Promise<void> {
    const marked = await markPersonDeleting(services.database, organisationId, personId, services.nowMs());
    if (marked === null) throw notFound('Person');
    await clearAway(services, marked);
  }
}

export async function clearAway({ database, galleries }: ClearServices, person: FacePersonRow): Promise<void> {
  await askGallery(() => galleries.removePerson(placeOf(person), person.id));
  await forgetPerson(database, person.id);
}
