import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../env.ts';
import { createServices, type Services } from '../services.ts';
import { LEASE_MS, RENEW_AFTER_MS, WAIT_FOR_FIRST_MS } from './check-limits.ts';
import { SessionHold, waitForFirst } from './session-hold.ts';

let nowMs = 0;
let services: Services;
let scope: { organisationId: string; operation: string; sessionId: string };
let keyId: string;

beforeAll(seedDatabase);
beforeEach(async () => {
  nowMs = 1_000_000;
  services = {
    ...createServices(env as unknown as GatewayEnv, () => undefined),
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
  const row = await env.DB.prepare('SELECT id, organisation_id FROM api_keys LIMIT 1').first<Record<string, string>>();
  keyId = row?.id ?? '';
  scope = { organisationId: row?.organisation_id ?? '', operation: 'fastCheck', sessionId: crypto.randomUUID() };
});

const take = () => SessionHold.take(services, scope, keyId);
const leaseEnd = () =>
  env.DB.prepare('SELECT lease_ends_at_ms AS n FROM verifications WHERE session_id = ?')
    .bind(scope.sessionId)
    .first<number>('n');

async function taken(): Promise<SessionHold> {
  const hold = await take();
  if (hold === null) throw new Error('the session is not free');
  return hold;
}

it('is one request’s at a time, until it is released', async () => {
  const hold = await taken();
  expect(await take()).toBeNull();
  await hold.release();
  expect(await take()).not.toBeNull();
});

it('is renewed as long as anything moves, and not more often than needed', async () => {
  const hold = await taken();
  await hold.renew();
  expect(await leaseEnd()).toBe(1_000_000 + LEASE_MS);
  nowMs += RENEW_AFTER_MS;
  await hold.renew();
  expect(await leaseEnd()).toBe(nowMs + LEASE_MS);
  nowMs += LEASE_MS;
  expect(await take()).toBeNull();
});

it('that was taken over cannot be renewed, and its release changes nothing', async () => {
  const hold = await taken();
  nowMs += LEASE_MS + 1;
  expect(await take()).not.toBeNull();
  await expect(hold.renew()).rejects.toThrow('taken over');
  await hold.release();
  expect(await leaseEnd()).toBe(nowMs + LEASE_MS);
});

it('is waited for with growing pauses, and not for ever', async () => {
  const hold = await taken();
  const pauses: number[] = [];
  const { sleep } = services;
  services.sleep = async (ms) => {
    pauses.push(ms);
    await sleep(ms);
    nowMs = Math.min(nowMs, 1_000_000 + WAIT_FOR_FIRST_MS);
    await hold.renew();
  };
  await expect(waitForFirst(services, scope)).rejects.toThrow('still running');
  expect(pauses.length).toBeLessThan(60);
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  expect(nowMs).toBe(1_000_000 + WAIT_FOR_FIRST_MS);
});
