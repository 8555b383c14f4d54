import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { call, callJson } from '#shared/testing/call-gateway.ts';
import { failingOn, stallingOn } from '#shared/testing/faulty-database.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from './env.ts';
import gateway from './index.ts';

const ACME = 'sk-local-acme';
const gatewayEnv = env as unknown as GatewayEnv;

beforeAll(seedDatabase);

function createKey(idempotencyKey: string, name = 'x', key = ACME, bindings: { DB?: D1Database } = {}) {
  const headers = { 'idempotency-key': idempotencyKey };
  return callJson('/api/v1/keys', { method: 'POST', key, headers, body: { name }, env: bindings });
}

const countKeys = (name: string) =>
  env.DB.prepare('SELECT count(*) AS n FROM api_keys WHERE name = ?').bind(name).first<number>('n');

describe('Idempotency-Key', () => {
  it('gives the first answer again, and makes nothing twice', async () => {
    const first = await createKey('a', 'replayed');
    const again = await createKey('a', 'replayed');
    expect(first.response.status).toBe(201);
    expect(first.response.headers.get('idempotency-replayed')).toBeNull();
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect([again.response.status, again.body]).toEqual([201, first.body]);
    expect(await countKeys('replayed')).toBe(1);
  });

  it('keeps no secret that the database alone could give away', async () => {
    const { key } = (await createKey('secret')).body.data as CreatedApiKey;
    const dump = JSON.stringify((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results);
    expect(dump).not.toContain(key);
    expect(dump).not.toContain('"key"');
  });

  it('refuses another request under the same key', async () => {
    await createKey('b', 'one');
    const { response, body } = await createKey('b', 'two');
    expect([response.status, response.headers.get('x-error-code')]).toEqual([422, 'idempotency_key_reused']);
    expect(body.success).toBe(false);
  });

  it('makes one thing out of many requests at once; the others wait or replay', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => createKey('c', 'at-once')));
    const statuses = answers.map(({ response }) => response.status);
    expect(statuses).toContain(201);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    expect(await countKeys('at-once')).toBe(1);
    const ids = answers
      .filter(({ response }) => response.status === 201)
      .map(({ body }) => (body.data as CreatedApiKey).id);
    expect(new Set(ids).size).toBe(1);
  });

  it('belongs to one API key: another one never sees the answer', async () => {
    const first = await createKey('d', 'tenant-a');
    const other = await createKey('d', 'tenant-a', 'sk-local-globex');
    expect(other.response.status).toBe(201);
    expect((other.body.data as CreatedApiKey).id).not.toBe((first.body.data as CreatedApiKey).id);
  });

  it('replays a refusal as well', async () => {
    const body = { origin: 'https://taken.example.com' };
    const send = (headers: Record<string, string>) =>
      call('/api/v1/hosts', { method: 'POST', key: ACME, headers, body });
    await send({});
    expect((await send({ 'idempotency-key': 'e' })).status).toBe(409);
    await env.DB.prepare('DELETE FROM allowed_hosts').run();
    const again = await send({ 'idempotency-key': 'e' });
    expect([again.status, again.headers.get('x-error-code'), again.headers.get('idempotency-replayed')]).toEqual([
      409,
      'conflict',
      'true',
    ]);
  });

  it('is not used up by a request that was not valid', async () => {
    const headers = { 'idempotency-key': 'f' };
    expect((await call('/api/v1/keys', { method: 'POST', key: ACME, headers, body: {} })).status).toBe(400);
    expect((await createKey('f')).response.status).toBe(201);
  });

  it.each(['', 'x'.repeat(256), 'a b', 'ü'])(
    'must be visible ASCII of at most 255 characters: "%s"',
    async (idempotencyKey) => {
      expect((await createKey(idempotencyKey)).response.status).toBe(400);
    },
  );

  it('is free again after a failure of ours', async () => {
    const { response } = await createKey('g', 'failed', ACME, { DB: failingOn(/insert into "api_keys"/i) });
    expect(response.status).toBe(503);
    expect((await createKey('g', 'failed')).response.status).toBe(201);
    expect(await countKeys('failed')).toBe(1);
  });

  it('makes nothing twice when the server died before it could answer', async () => {
    // It died after the key was made and before the answer was kept.
    await createKey('h', 'died', ACME, { DB: failingOn(/update "idempotency_records"/i) });
    expect(await countKeys('died')).toBe(1);
    expect((await createKey('h', 'died')).response.status).toBe(409);
    await env.DB.prepare('UPDATE idempotency_records SET locked_until_ms = 1 WHERE sealed_outcome IS NULL').run();
    const retried = await createKey('h', 'died');
    expect(retried.response.status).toBe(201);
    expect(await countKeys('died')).toBe(1);
    const { key } = retried.body.data as CreatedApiKey;
    expect((await call('/api/v1/keys', { key })).status).toBe(200);
  });

  it.each([
    ['before it made anything', /insert into "api_keys"/i],
    ['after it made it', /update "idempotency_records"/i],
  ])('leaves the key of a retry alone when the first request stalled %s', async (name, stalledOn) => {
    const gate = Promise.withResolvers<void>();
    const stalled = createKey(name.replaceAll(' ', '-'), name, ACME, { DB: stallingOn(stalledOn, gate.promise) });
    const lockOf = () =>
      env.DB.prepare(
        'SELECT max(locked_until_ms) AS n FROM idempotency_records WHERE sealed_outcome IS NULL',
      ).first<number>('n');
    while ((await lockOf()) === null) await new Promise((resolve) => setTimeout(resolve, 5));
    while (name.startsWith('after') && (await countKeys(name)) === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await env.DB.prepare('UPDATE idempotency_records SET locked_until_ms = 1 WHERE sealed_outcome IS NULL').run();
    const retried = await createKey(name.replaceAll(' ', '-'), name);
    expect(retried.response.status).toBe(201);
    gate.resolve();
    const late = await stalled;
    expect([late.response.status, late.response.headers.get('x-error-code')]).toEqual([409, 'idempotency_in_progress']);
    const { key } = retried.body.data as CreatedApiKey;
    expect((await call('/api/v1/keys', { key })).status).toBe(200);
    expect((await createKey(name.replaceAll(' ', '-'), name)).body).toEqual(retried.body);
    expect(await countKeys(name)).toBe(1);
  });

  it('counts no more after its time, and is cleaned up', async () => {
    const first = await createKey('i', 'expired');
    await env.DB.prepare('UPDATE idempotency_records SET expires_at_ms = 1').run();
    const second = await createKey('i', 'expired');
    expect((second.body.data as CreatedApiKey).id).not.toBe((first.body.data as CreatedApiKey).id);
    await gateway.scheduled(createScheduledController(), gatewayEnv);
    expect(await env.DB.prepare('SELECT count(*) AS n FROM idempotency_records').first('n')).toBe(1);
  });
});
