import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '#shared/contract/hosts.ts';
import type { Page } from '#shared/contract/pagination.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const key = 'sk-local-acme';

beforeAll(seedDatabase);

const post = (origin: unknown) => call('/api/v1/hosts', { method: 'POST', key, body: { origin } });

describe('an allowed host', () => {
  it('can be made, read, changed and removed', async () => {
    const made = await callData<Host>('/api/v1/hosts', {
      method: 'POST',
      key,
      body: { origin: 'HTTPS://App.Example.com/' },
    });
    expect(made.origin).toBe('https://app.example.com');
    expect(await callData<Host>(`/api/v1/hosts/${made.id}`, { key })).toEqual(made);
    const changed = await callData<Host>(`/api/v1/hosts/${made.id}`, {
      method: 'PATCH',
      key,
      body: { origin: 'https://*.example.com' },
    });
    expect(changed).toEqual({ ...made, origin: 'https://*.example.com' });
    expect((await callData<Page<Host>>('/api/v1/hosts', { key })).items).toEqual([changed]);
    expect(await callData<Host>(`/api/v1/hosts/${made.id}`, { method: 'DELETE', key })).toEqual(changed);
    expect((await call(`/api/v1/hosts/${made.id}`, { key })).status).toBe(404);
    expect((await call(`/api/v1/hosts/${made.id}`, { method: 'DELETE', key })).status).toBe(404);
  });

  it('exists once in an organisation, also when asked for by many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('https://once.example.com')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    const other = await call('/api/v1/hosts', {
      method: 'POST',
      key: 'sk-local-globex',
      body: { origin: 'https://once.example.com' },
    });
    expect(other.status).toBe(201);
  });

  it('cannot be changed into one that exists', async () => {
    await post('https://first.example.com');
    const second = await callData<Host>('/api/v1/hosts', {
      method: 'POST',
      key,
      body: { origin: 'https://second.example.com' },
    });
    const change = (id: string) =>
      call(`/api/v1/hosts/${id}`, { method: 'PATCH', key, body: { origin: 'https://first.example.com' } });
    expect((await change(second.id)).status).toBe(409);
    expect((await change(crypto.randomUUID())).status).toBe(404);
  });
});
