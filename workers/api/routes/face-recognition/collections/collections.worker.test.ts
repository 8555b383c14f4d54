import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { callFaces, enrol, faceData, newCollection, pictures, searchBody } from '#shared/testing/call-faces.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const GLOBEX = 'sk-local-globex';
let people: string;

beforeAll(async () => {
  await seedDatabase();
  people = await newCollection();
});

const rows = async () =>
  (await env.DB.prepare('SELECT id, state FROM face_persons ORDER BY id').all<{ id: string; state: string }>()).results;

describe('a collection', () => {
  it('is created, read, renamed, listed and deleted with everybody in it', async () => {
    const created = await callFaces('/collections', { body: { name: 'visitors' } });
    const { id } = created.data as { id: string };
    expect([created.status, created.data]).toEqual([
      200,
      { id, name: 'visitors', person_count: 0, created_at: expect.any(String) },
    ]);
    const ann = await enrol(id, 'ann', pictures('ann 1'));
    expect(await faceData(`/collections/${id}`)).toMatchObject({ person_count: 1 });
    const renamed = await faceData(`/collections/${id}`, { method: 'PATCH', body: { name: 'guests' } });
    expect(renamed).toMatchObject({ id, name: 'guests' });
    expect(await faceData('/collections')).toContainEqual(renamed);
    expect(await faceData(`/collections/${id}`, { method: 'DELETE' })).toEqual({ id });
    for (const path of [`/collections/${id}`, `/persons/${ann}`, `/persons?collection_id=${id}`]) {
      expect((await callFaces(path)).status).toBe(404);
    }
    expect(await callFaces('/search', { body: searchBody({ collection_id: id }) })).toMatchObject({ status: 404 });
    expect((await rows()).map((row) => row.id)).not.toContain(ann);
    const left = await env.DB.prepare('SELECT count(*) AS n FROM face_collections WHERE id = ?').bind(id).first('n');
    expect(left).toBe(0);
    expect((await callFaces(`/collections/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each([{}, { name: '' }, { name: 7 }, { name: 'x'.repeat(201) }])('needs a name: %j', async (body) => {
    expect(await callFaces('/collections', { body })).toMatchObject({ status: 409, code: 'MissingParameter' });
  });

  it('of another organisation is none', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect(await callFaces(`/collections/${people}`, { method, bearer: GLOBEX })).toMatchObject({ status: 404 });
    }
    expect((await callFaces(`/collections/${people}`)).status).toBe(200);
  });
});
