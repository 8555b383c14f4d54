import { cosineFrom, MATCH_FROM_SCORE } from '#models/face-score.ts';
import { FACE_CREDITS } from '#models/face-search-prices.ts';
import { ApiFailure, notFound } from '#shared/contract/errors.ts';
import type { CreatePersonBody } from '#shared/contract/face-search.ts';
import { chargeEnrolment, readBalance } from '#shared/db/credits.ts';
import { addShard, type FaceCollectionRow, findCollection } from '#shared/db/face-collections.ts';
import {
  beginEnrolment,
  type FacePersonRow,
  findPerson,
  moveEnrolment,
  withdrawEnrolment,
} from '#shared/db/face-persons.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { FaceToKeep } from '#shared/rpc/galleries.ts';
import { insufficientCredits } from '#shared/verdicts/give-verdict.ts';
import type { Services } from '../services.ts';
import { claimLost } from '../use-cases/answer-once.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { askGallery } from './ask-gallery.ts';
import { fuseSubjects } from './fuse-subjects.ts';
import { requireCredits, usageOf } from './paid-call.ts';
import { readFacesToKeep } from './read-faces-to-keep.ts';
import { placeOf } from './read-thumbnails.ts';
import { clearAway } from './remove-person.ts';
import { findMatches } from './search-gallery.ts';

/** Far beyond what a collection that fills up at once needs. */
const MOST_SHARDS_TRIED = 4;

/**
 * A person and all their faces, or nothing. The database says first that somebody is coming and last, with the charge, that they
 * are there; in between the gallery stores what they look like. Cut off at any step, the person was never there, and what is
 * left is cleared away within the hour.
 */
export function enrolPerson(
  services: Services,
  caller: KeyCaller,
  creation: Creation,
  wanted: CreatePersonBody,
): Promise<FacePersonRow> {
  return finishAnyway(services, enrol());

  async function enrol(): Promise<FacePersonRow> {
    const { database } = services;
    const organisationId = caller.organisation.id;
    const startedAtMs = services.nowMs();
    // A request that died after its last step: its repetition has nothing left to do.
    const earlier = creation.claimedUntilMs === null ? null : await findPerson(database, organisationId, creation.id);
    if (earlier !== null) return earlier;
    await requireCredits(services, caller, 'createPerson');
    const collection = await findCollection(database, organisationId, wanted.collection_id);
    if (collection === null) throw notFound('Collection');
    const { subjects, faces } = await readFacesToKeep(services, wanted.images);
    const probe = fuseSubjects(subjects);
    if (wanted.unique) await refuseKnown(services, collection, probe);
    const begun = await begin(services, collection, creation, { name: wanted.name, faceCount: faces.length });
    try {
      const faceCount = await store(services, begun, collection, faces, wanted.unique);
      const work = { id: begun.id, operation: 'createPerson', pictures: faces.length, startedAtMs } as const;
      const usage = usageOf(services, caller, work);
      const settled = { id: begun.id, faceCount };
      const { outcome } = await chargeEnrolment(database, usage, services.newId(), settled);
      if (outcome === 'insufficient') {
        throw insufficientCredits(FACE_CREDITS.createPerson, await readBalance(database, organisationId));
      }
      const person = await findPerson(database, organisationId, begun.id);
      if (person === null) throw await whyNotEnrolled(services, collection);
      return person;
    } catch (error) {
      await withdraw(services, begun.id);
      throw error;
    }
  }
}

async function begin(
  services: Services,
  collection: FaceCollectionRow,
  creation: Creation,
  { name, faceCount }: { name: string; faceCount: number },
): Promise<FacePersonRow> {
  const row = {
    id: creation.id,
    organisationId: collection.organisationId,
    collectionId: collection.id,
    shard: collection.shardCount - 1,
    name,
    faceCount,
    createdAtMs: services.nowMs(),
  };
  const begun = await beginEnrolment(services.database, row, creation);
  if (begun !== null && begun.state !== 'deleting') return begun;
  throw await whyNotEnrolled(services, collection);
}

/** Neither this request nor another has brought it to its end. */
async function whyNotEnrolled(services: Services, { organisationId, id }: FaceCollectionRow): Promise<ApiFailure> {
  const collection = await findCollection(services.database, organisationId, id);
  return collection === null ? notFound('Collection') : claimLost();
}

/** Into the last shard, or a new one behind it. */
async function store(
  services: Services,
  begun: FacePersonRow,
  collection: FaceCollectionRow,
  faces: FaceToKeep[],
  unique: boolean,
): Promise<number> {
  const refuseFromCosine = unique ? cosineFrom(MATCH_FROM_SCORE) : null;
  const person = { personId: begun.id, faces, refuseFromCosine };
  let place = placeOf(begun);
  for (let tried = 0; tried < MOST_SHARDS_TRIED; tried++) {
    const into = place;
    const enrolled = await askGallery(() => services.galleries.enrol(into, person));
    if (enrolled.ok) return enrolled.faceIds.length;
    if (enrolled.reason === 'similar') throw alreadyEnrolled(enrolled.personId);
    await addShard(services.database, { ...collection, shardCount: place.shard + 1 });
    place = { ...place, shard: place.shard + 1 };
    if (!(await moveEnrolment(services.database, begun.id, place.shard))) throw claimLost();
  }
  throw new Error('every shard of the collection is full');
}

/** Whoever is found here is refused sooner, and in every shard; that no two come in at once, the shard itself sees to. */
async function refuseKnown(services: Services, collection: FaceCollectionRow, probe: Float32Array): Promise<void> {
  const question = { probe, mode: 'ACCURATE', minScore: MATCH_FROM_SCORE, maxResults: 1 } as const;
  const [match] = await findMatches(services, [collection], question);
  if (match !== undefined) throw alreadyEnrolled(match.personId);
}

function alreadyEnrolled(personId: string): ApiFailure {
  return new ApiFailure({ code: 'conflict', message: `The person is enrolled already, as ${personId}` });
}

/** Best effort: what this does not get to is done within the hour. */
async function withdraw(services: Services, personId: string): Promise<void> {
  try {
    const withdrawn = await withdrawEnrolment(services.database, personId, services.nowMs());
    if (withdrawn !== null) await clearAway(services, withdrawn);
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'enrolment_not_withdrawn', reason: String(error) }));
  }
}
