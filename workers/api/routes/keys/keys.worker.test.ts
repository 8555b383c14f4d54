import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, CreatedApiKey } from '#shared/contract/keys.ts';
import type { Page } from '#shared/contract/pagination.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const ACME = 'sk-local-acme';

beforeAll(seedDatabase);

function create(body: unknown, key = ACME): Promise<CreatedApiKey> {
  return callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key, body });
}

describe('a new key', () => {
  it('is shown once and kept as a hash', async () => {
    const made = await create({ name: ' Checks ', scopes: ['detection:write', 'detection:write'] });
    expect(made).toMatchObject({ name: 'Checks', scopes: ['detection:write'], status: 'active', last_used_at: null });
    expect(made.key).toMatch(/^sk-[\w-]{43}$/);
    expect(made.key.startsWith(made.prefix)).toBe(true);

    const stored = await env.DB.prepare('SELECT * FROM api_keys WHERE id = ?').bind(made.id).first();
    expect(stored?.key_hash).toBe(await sha256Hex(made.key));
    expect(JSON.stringify(stored)).not.toContain(made.key);
    expect(JSON.stringify(await callData(`/api/v1/keys/${made.id}`, { key: ACME }))).not.toContain(made.key);
  });

  it('works at once, within its scopes', async () => {
    const { key } = await create({ name: 'x', scopes: ['hosts:read'] });
    expect((await call('/api/v1/hosts', { key })).status).toBe(200);
    expect((await call('/api/v1/keys', { key })).status).toBe(403);
  });

  it('may do everything when it has no scopes', async () => {
    const { key } = await create({ name: 'x' });
    expect((await call('/api/v1/keys', { key })).status).toBe(200);
  });

  it.each(['a\u0000b', 'a\nb', '\ud800', 'a\u202eb'])('has a name that people can read: %j', async (name) => {
    expect((await call('/api/v1/keys', { method: 'POST', key: ACME, body: { name } })).status).toBe(400);
  });

  it.each(['9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z'])(
    'does not end at %s',
    async (expires_at) => {
      expect((await call('/api/v1/keys', { method: 'POST', key: ACME, body: { name: 'x', expires_at } })).status).toBe(
        400,
      );
    },
  );

  it('is found under its id in capitals, too', async () => {
    const { id } = await create({ name: 'x' });
    expect((await callData<ApiKey>(`/api/v1/keys/${id.toUpperCase()}`, { key: ACME })).id).toBe(id);
  });

  it('expires by itself', async () => {
    const { key, id } = await create({ name: 'x', expires_at: new Date(Date.now() + 4000).toISOString() });
    expect((await call('/api/v1/hosts', { key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 4100));
    expect((await call('/api/v1/hosts', { key })).status).toBe(401);
    expect(await callData<ApiKey>(`/api/v1/keys/${id}`, { key: ACME })).toMatchObject({ status: 'expired' });
  });

  it('tells when it was last used', async () => {
    const { key, id } = await create({ name: 'x' });
    await call('/api/v1/hosts', { key });
    const { last_used_at } = await callData<ApiKey>(`/api/v1/keys/${id}`, { key: ACME });
    expect(Date.parse(last_used_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('a key with few scopes', () => {
  it('hands out none that it lacks, not even by asking for none', async () => {
    const { key } = await create({ name: 'manager', scopes: ['keys:write', 'keys:read', 'hosts:read'] });
    const more = { name: 'x', scopes: ['hosts:read', 'hosts:write'] };
    const refused = await callJson('/api/v1/keys', { method: 'POST', key, body: more });
    expect([refused.response.status, refused.body.required_scope]).toEqual([403, 'hosts:write']);
    expect((await call('/api/v1/keys', { method: 'POST', key, body: { name: 'x' } })).status).toBe(403);
    expect((await create({ name: 'x', scopes: ['hosts:read'] }, key)).scopes).toEqual(['hosts:read']);
  });

  it('changes no key that may do more, and raises none', async () => {
    const { key } = await create({ name: 'manager', scopes: ['keys:write', 'hosts:read'] });
    const mighty = await create({ name: 'mighty' });
    const weak = await create({ name: 'weak', scopes: ['hosts:read'] });
    const patch = (id: string, body: unknown) => call(`/api/v1/keys/${id}`, { method: 'PATCH', key, body });
    expect((await patch(mighty.id, { name: 'mine' })).status).toBe(403);
    expect((await patch(weak.id, { scopes: [] })).status).toBe(403);
    expect((await patch(weak.id, { name: 'renamed' })).status).toBe(200);
  });

  it('cannot outlive itself, neither by another key nor by its own expiry', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const later = new Date(Date.now() + 120_000).toISOString();
    const { key, id } = await create({ name: 'passing', scopes: ['keys:write'], expires_at: soon });
    const make = (expires_at: string | null) =>
      call('/api/v1/keys', { method: 'POST', key, body: { name: 'x', scopes: ['keys:write'], expires_at } });
    const putOff = (expires_at: string | null) =>
      call(`/api/v1/keys/${id}`, { method: 'PATCH', key, body: { expires_at } });
    for (const attempt of [make(null), make(later), putOff(null), putOff(later)])
      expect((await attempt).status).toBe(400);
    expect((await make(soon)).status).toBe(201);
  });

  it('passes its own rate limit on to the keys it makes', async () => {
    const { key } = await create({ name: 'x' }, 'sk-local-slow');
    expect((await call('/api/v1/hosts', { key })).headers.get('ratelimit-policy')).toBe('"per-key";q=5;w=60');
  });
});

describe('changing a key', () => {
  it('changes what is named, leaves the rest, and takes effect at once here', async () => {
    const { id, key } = await create({ name: 'x', scopes: ['hosts:read'], expires_at: '2099-01-01T00:00:00Z' });
    expect((await call('/api/v1/hosts', { key })).status).toBe(200);
    const changed = await callData<ApiKey>(`/api/v1/keys/${id}`, {
      method: 'PATCH',
      key: ACME,
      body: { scopes: ['keys:read'] },
    });
    expect(changed).toMatchObject({ name: 'x', scopes: ['keys:read'], expires_at: '2099-01-01T00:00:00.000Z' });
    expect((await call('/api/v1/hosts', { key })).status).toBe(403);
    const forever = await callData<ApiKey>(`/api/v1/keys/${id}`, {
      method: 'PATCH',
      key: ACME,
      body: { expires_at: null },
    });
    expect(forever.expires_at).toBeNull();
    expect(await callData<ApiKey>(`/api/v1/keys/${id}`, { method: 'PATCH', key: ACME, body: {} })).toEqual(forever);
  });
});

describe('revoking a key', () => {
  it('ends it for good, and may be repeated', async () => {
    const { id, key } = await create({ name: 'x' });
    expect((await call('/api/v1/hosts', { key })).status).toBe(200);
    const revoked = await callData<ApiKey>(`/api/v1/keys/${id}`, { method: 'DELETE', key: ACME });
    expect(revoked.status).toBe('revoked');
    expect((await call('/api/v1/hosts', { key })).status).toBe(401);
    expect(await callData<ApiKey>(`/api/v1/keys/${id}`, { method: 'DELETE', key: ACME })).toEqual(revoked);
  });
});

describe('the list', () => {
  it('gives every key once, newest first, over pages', async () => {
    const made = [];
    for (let i = 0; i < 7; i++) made.push((await create({ name: `p${i}` }, 'sk-local-globex')).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<ApiKey> = await callData(`/api/v1/keys?limit=3${cursor && `&cursor=${cursor}`}`, {
        key: 'sk-local-globex',
      });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
    const times = await Promise.all(
      seen.map(async (id) => (await callData<ApiKey>(`/api/v1/keys/${id}`, { key: 'sk-local-globex' })).created_at),
    );
    expect(times).toEqual([...times].sort().reverse());
    expect(seen.slice(0, 7).sort()).toEqual(made.sort());
  });
});
