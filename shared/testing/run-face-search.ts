import { env } from 'cloudflare:workers';
import { type Database, openDatabase } from '../db/database.ts';
import { addShard, deletedCollections, findCollection } from '../db/face-collections.ts';
import { beginEnrolment, findPersons, moveEnrolment, unsettledPersons, withdrawEnrolment } from '../db/face-persons.ts';
import { pictures } from './call-faces.ts';

interface Variant {
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface FaceSearchRun {
  run(operationId: string, variants: Variant[]): Promise<void>;
  /** Of the last variant. */
  lastAnswer(): unknown;
  database: D1Database;
}

/** What is read of an answer: the id of what it tells of, its pictures, and where a list goes on. */
interface FaceSearchAnswer {
  data: { id: string; thumbnails: { id: string }[] };
  next_cursor: string;
}

/** Every operation of face search, each in each form that leads to another query. */
export async function runFaceSearch({ run, lastAnswer, database }: FaceSearchRun): Promise<void> {
  const once = { 'idempotency-key': 'faces' };
  const told = () => lastAnswer() as FaceSearchAnswer;
  const base = '/v2/face-recognition';
  await run('createCollection', [
    { body: { name: 'guests' }, headers: once },
    { body: { name: 'guests' }, headers: once },
    { body: { name: 'people' } },
  ]);
  const collectionId = told().data.id;
  const person = { name: 'ann', collection_id: collectionId };
  await run('createPerson', [
    { body: { ...person, images: pictures('bob 1'), unique: true } },
    { body: { ...person, images: pictures('cat 1') }, headers: once },
    { body: { ...person, images: pictures('ann 1', 'ann 2') } },
  ]);
  const { id: personId } = told().data;
  await run('addPersonFaces', [{ path: `${base}/persons/${personId}/faces`, body: { images: pictures('ann 3') } }]);
  const [face] = told().data.thumbnails;
  await run('removePersonFace', [{ path: `${base}/persons/${personId}/faces/${face?.id}` }]);
  const probe = { images: pictures('ann 9'), min_score: 0.5, search_mode: 'FAST' };
  await run('searchFaces', [{ body: probe }, { body: { ...probe, collection_id: collectionId } }]);
  await run('searchFaceCrops', [{ body: { ...probe, search_mode: 'ACCURATE' } }]);
  await run('searchLiveFaces', [{ body: probe }, { body: { ...probe, images: pictures('fake') } }]);
  await run('verifyFace', [{ body: { images: pictures('ann 9'), person_id: personId } }]);
  await run('detectFaces', [{ body: { images: pictures('ann 1', 'no_face') } }]);
  for (const [id, path] of [
    ['listCollections', `${base}/collections?limit=1`],
    ['listPersons', `${base}/persons?limit=1`],
    ['listPersons', `${base}/persons?limit=1&collection_id=${collectionId}`],
  ] as const) {
    await run(id, [{ path }]);
    await run(id, [{ path: `${path}&cursor=${told().next_cursor}` }]);
  }
  const [onCollection, onPerson] = [
    { path: `${base}/collections/${collectionId}` },
    { path: `${base}/persons/${personId}` },
  ];
  await run('readCollection', [onCollection]);
  await run('updateCollection', [{ ...onCollection, body: { name: 'staff' } }]);
  await run('readPerson', [onPerson]);
  await run('updatePerson', [{ ...onPerson, body: { name: 'Ann' } }]);
  await run('deletePerson', [onPerson]);
  await run('deleteCollection', [onCollection]);
  await runFaceUpkeep(openDatabase(database));
}

/** What happens only where a shard is full, or something went wrong. */
async function runFaceUpkeep(db: Database): Promise<void> {
  const organisationId = 'a0000000-0000-4000-8000-000000000001';
  const { results } = await env.DB.prepare('SELECT id FROM face_collections LIMIT 1').all<{ id: string }>();
  const collection = await findCollection(db, organisationId, results[0]?.id ?? '');
  if (collection === null) throw new Error('no collection is left');
  await addShard(db, collection);
  const row = { id: crypto.randomUUID(), organisationId, collectionId: collection.id };
  const creation = { id: row.id, claimedUntilMs: null };
  await beginEnrolment(db, { ...row, shard: 0, name: 'x', faceCount: 1, createdAtMs: 1 }, creation);
  await moveEnrolment(db, row.id, 1);
  await withdrawEnrolment(db, row.id, 1);
  await findPersons(db, organisationId, [row.id]);
  await unsettledPersons(db, { untouchedSinceMs: 1, most: 1 });
  await deletedCollections(db, { deletedBeforeMs: 1, most: 1 });
}
