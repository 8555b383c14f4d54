import { type Database, openDatabase } from '#shared/db/database.ts';
import { deletedCollections } from '#shared/db/face-collections.ts';
import { unsettledPersons, withdrawEnrolment } from '#shared/db/face-persons.ts';
import type { GalleriesService } from '#shared/rpc/galleries.ts';
import type { GatewayEnv } from '../env.ts';
import { eraseCollection } from './manage-collections.ts';
import { clearAway } from './remove-person.ts';

/** Longer than any request takes: whoever was at it by then has been cut off. */
const UNSETTLED_AFTER_MS = 15 * 60 * 1000;
/** Of each kind in one run: far from what one invocation may ask of others. */
const MOST_AT_ONCE = 100;

export interface TendGalleriesServices {
  database: Database;
  galleries: GalleriesService;
  nowMs(): number;
}

export function createTendGalleriesServices(env: Pick<GatewayEnv, 'DB' | 'GALLERIES'>): TendGalleriesServices {
  return { database: openDatabase(env.DB), galleries: env.GALLERIES, nowMs: () => Date.now() };
}

/**
 * For what a crash leaves between database and gallery: an enrolment that came to no end, a deletion that was cut off. Run from time
 * to time; until then the database keeps whatever is left from being found.
 */
export async function tendGalleries(services: TendGalleriesServices): Promise<void> {
  const beforeMs = services.nowMs() - UNSETTLED_AFTER_MS;
  const limits = { untouchedSinceMs: beforeMs, deletedBeforeMs: beforeMs, most: MOST_AT_ONCE };
  // Persons first: a collection is forgotten only when nobody is being enrolled into it.
  for (const person of await unsettledPersons(services.database, limits)) {
    await orComplain(clear(services, person.id));
  }
  for (const collection of await deletedCollections(services.database, limits)) {
    await orComplain(eraseCollection(services, collection));
  }
}

async function clear(services: TendGalleriesServices, personId: string): Promise<void> {
  // Marked first, so that an enrolment that is alive after all cannot come to its end any more.
  const withdrawn = await withdrawEnrolment(services.database, personId, services.nowMs());
  if (withdrawn !== null) await clearAway(services, withdrawn);
}

/** One that this fails for is looked at again in an hour; the others do not wait for that. */
async function orComplain(step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'gallery_not_tended', reason: String(error) }));
  }
}
