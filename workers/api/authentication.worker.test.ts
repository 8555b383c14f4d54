import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callJson } from '#shared/testing/call-gateway.ts';
import { recordQueries } from '#shared/testing/record-queries.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from './env.ts';
import { CACHE_LIFETIME_MS, createCaches, createServices } from './services.ts';
import { findKeyCaller } from './use-cases/find-caller.ts';

beforeAll(seedDatabase);

const gatewayEnv = env as unknown as GatewayEnv;

async function insertKey(key: string, columns: { revoked_at_ms?: number; expires_at_ms?: number }): Promise<void> {
  const { revoked_at_ms = null, expires_at_ms = null } = columns;
  await env.DB.prepare(
    `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, revoked_at_ms, expires_at_ms, created_at_ms)
     SELECT ?, id, 'test', ?, 'sk-', '[]', ?, ?, 0 FROM organisations WHERE slug = 'acme'`,
  )
    .bind(crypto.randomUUID(), await sha256Hex(key), revoked_at_ms, expires_at_ms)
    .run();
}

describe('a refused key', () => {
  it('gets the same answer by the same work, whether unknown, revoked or expired', async () => {
    await insertKey('sk-revoked', { revoked_at_ms: 1 });
    await insertKey('sk-expired', { expires_at_ms: 1 });
    const seen = [];
    for (const key of ['sk-unknown', 'sk-revoked', 'sk-expired', 'sk-revoked']) {
      const { database, queries } = recordQueries(env.DB);
      const { response, body } = await callJson('/api/v1/keys', { key, env: { DB: database } });
      seen.push({
        status: response.status,
        headers: [...response.headers].filter(([name]) => name !== 'x-request-id'),
        body,
        statements: queries.map(({ sql }) => sql),
        rows: queries.map(({ rowCount }) => rowCount),
      });
    }
    expect(seen[0]?.status).toBe(401);
    expect(seen[0]?.statements).toHaveLength(1);
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0]);
  });

  it('was looked up by one indexed query', async () => {
    const { database, queries } = recordQueries(env.DB);
    await call('/api/v1/keys', { key: 'sk-unknown', env: { DB: database } });
    const [{ sql, parameters } = { sql: '', parameters: [] }] = queries;
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...parameters)
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH api_keys USING INDEX api_keys_key_hash_unique/),
      expect.stringMatching(/^SEARCH organisations USING INDEX/),
    ]);
  });
});

describe('the cache of an isolate', () => {
  it('forgets a revoked key within 30 seconds', async () => {
    expect(CACHE_LIFETIME_MS).toBeLessThan(30_000);
    await insertKey('sk-cached', {});
    let nowMs = Date.now();
    const { database, queries } = recordQueries(env.DB);
    const services = {
      ...createServices(gatewayEnv, () => undefined),
      database: openDatabase(database),
      caches: createCaches(() => nowMs),
      nowMs: () => nowMs,
    };
    for (let i = 0; i < 3; i++) await findKeyCaller(services, 'sk-cached');
    const lookUps = () => queries.filter(({ sql }) => sql.startsWith('select')).length;
    expect(lookUps()).toBe(1);
    await env.DB.prepare('UPDATE api_keys SET revoked_at_ms = 1 WHERE key_hash = ?')
      .bind(await sha256Hex('sk-cached'))
      .run();
    await findKeyCaller(services, 'sk-cached');
    expect(lookUps()).toBe(1);
    nowMs += 30_000;
    await expect(findKeyCaller(services, 'sk-cached')).rejects.toThrow('Not authenticated');
  });
});

describe('an outage of the database', () => {
  const broken = {
    prepare: () => {
      throw new Error('D1_ERROR: Network connection lost');
    },
  } as unknown as D1Database;

  it('lets in nobody who is not known, and keeps out nobody who is', async () => {
    await insertKey('sk-seen-before', {});
    expect((await call('/api/v1/models', { key: 'sk-seen-before' })).status).toBe(200);
    expect((await call('/api/v1/models', { key: 'sk-seen-before', env: { DB: broken } })).status).toBe(200);
    expect((await call('/api/v1/models', { key: 'sk-never-seen', env: { DB: broken } })).status).toBe(503);
  });
});

describe('outside development', () => {
  it('refuses the local keys and the local token, even where a database holds them', async () => {
    const production = {
      ENVIRONMENT: 'production',
      APP_TO_APP_TOKEN: 'another-token-of-30-characters',
      API_TOKEN_SECRET: 'another-secret-of-more-than-30-characters',
    };
    expect((await call('/api/v1/models', { key: 'sk-local-acme' })).status).toBe(200);
    expect((await call('/api/v1/models', { key: 'sk-local-acme', env: production })).status).toBe(401);
    const headers = { authorization: 'Bearer local-app-token' };
    expect((await call('/api/v1/models', { headers })).status).toBe(200);
    expect((await call('/api/v1/models', { headers, env: production })).status).toBe(401);
    const misconfigured = await call('/api/v1/models', {
      headers,
      env: { ...production, APP_TO_APP_TOKEN: 'local-app-token' },
    });
    expect(misconfigured.status).toBe(500);
    const { API_TOKEN_SECRET } = env;
    expect((await call('/api/v1/models', { headers, env: { ...production, API_TOKEN_SECRET } })).status).toBe(500);
  });
});

describe('the app-to-app token', () => {
  const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('opens the models and nothing else', async () => {
    expect((await call('/api/v1/models', withToken('local-app-token'))).status).toBe(200);
    expect((await call('/api/v1/models', withToken('local-app-tokem'))).status).toBe(401);
    expect((await call('/api/v1/keys', withToken('local-app-token'))).status).toBe(401);
    expect((await call('/api/v1/models', { headers: { 'x-api-key': 'local-app-token' } })).status).toBe(401);
  });

  it('is off where none is set', async () => {
    const none = { APP_TO_APP_TOKEN: '' };
    expect((await call('/api/v1/models', { ...withToken('local-app-token'), env: none })).status).toBe(401);
    expect((await call('/api/v1/models', { headers: { authorization: 'Bearer ' }, env: none })).status).toBe(401);
  });
});
