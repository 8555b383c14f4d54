import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreditBalance, CreditEntry } from '#shared/contract/credits.ts';
import type { Page } from '#shared/contract/pagination.ts';
import type { UsageEvent, UsageSummary } from '#shared/contract/usage.ts';
import { chargeCheck } from '#shared/db/credits.ts';
import { openDatabase } from '#shared/db/database.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const key = 'sk-local-globex';
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DAY_MS = Date.UTC(2026, 2, 1);

beforeAll(async () => {
  await seedDatabase();
  const organisationId = await env.DB.prepare(`SELECT id FROM organisations WHERE slug = 'globex'`).first<string>('id');
  // Six checks over three days: two models, every third one fake.
  for (let i = 0; i < 6; i++) {
    const usage = {
      id: crypto.randomUUID(),
      organisationId: organisationId ?? '',
      apiKeyId: null,
      operation: 'fastCheck',
      sessionId: `session-${i}`,
      model: i % 2 === 0 ? 'mixed-10-v2' : 'mixed-120-v2',
      verdict: i % 3 === 0 ? ('fake' as const) : ('live' as const),
      score: 10 * i,
      credits: i % 2 === 0 ? 1 : 2,
      framesProcessed: 10,
      processingMs: 100 + i,
      createdAtMs: FIRST_DAY_MS + Math.floor(i / 2) * DAY_MS + i,
    };
    await chargeCheck(openDatabase(env.DB), usage, crypto.randomUUID());
  }
});

const period = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';

describe('GET /api/v1/usage', () => {
  it('lists each charged check, newest first', async () => {
    const { items, next_cursor } = await callData<Page<UsageEvent>>('/api/v1/usage', { key });
    expect(items.map(({ session_id }) => session_id)).toEqual([5, 4, 3, 2, 1, 0].map((i) => `session-${i}`));
    expect(items[0]).toMatchObject({
      operation: 'fastCheck',
      model: 'mixed-120-v2',
      verdict: 'live',
      score: 50,
      credits: 2,
    });
    expect(next_cursor).toBeNull();
  });

  it('pages and filters', async () => {
    const first = await callData<Page<UsageEvent>>('/api/v1/usage?model=mixed-10-v2&limit=2', { key });
    expect(first.items.map(({ session_id }) => session_id)).toEqual(['session-4', 'session-2']);
    const rest = await callData<Page<UsageEvent>>(
      `/api/v1/usage?model=mixed-10-v2&limit=2&cursor=${first.next_cursor}`,
      { key },
    );
    expect(rest).toMatchObject({ items: [{ session_id: 'session-0' }], next_cursor: null });
    const day = await callData<Page<UsageEvent>>(
      '/api/v1/usage?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00%2B00:00',
      { key },
    );
    expect(day.items.map(({ session_id }) => session_id)).toEqual(['session-3', 'session-2']);
  });
});

describe('GET /api/v1/usage/summary', () => {
  it('adds up by day and model', async () => {
    const summary = await callData<UsageSummary>(`/api/v1/usage/summary?${period}`, { key });
    expect(summary.totals).toEqual({ checks: 6, live: 4, fake: 2, credits: 9 });
    expect(summary.days).toHaveLength(6);
    expect(summary.days[0]).toEqual({
      day: '2026-03-01',
      model: 'mixed-10-v2',
      checks: 1,
      live: 0,
      fake: 1,
      credits: 1,
      mean_processing_ms: 100,
    });
  });

  it('sums the last 30 days when not told otherwise, and nothing is nothing', async () => {
    const summary = await callData<UsageSummary>('/api/v1/usage/summary', { key: 'sk-local-acme' });
    expect(summary.totals).toEqual({ checks: 0, live: 0, fake: 0, credits: 0 });
    expect(Date.parse(summary.to) - Date.parse(summary.from)).toBe(30 * DAY_MS);
  });

  it.each([
    ['backwards', 'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['longer than a year', 'from=2024-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['without a time zone', 'from=2026-03-02T00:00:00'],
  ])('refuses a period %s', async (_name, query) => {
    expect((await call(`/api/v1/usage/summary?${query}`, { key })).status).toBe(400);
  });
});

describe('GET /api/v1/credits', () => {
  it('equals the ledger, which equals the usage', async () => {
    const { balance } = await callData<CreditBalance>('/api/v1/credits', { key });
    const entries: CreditEntry[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<CreditEntry> = await callData(
        `/api/v1/credits/entries?limit=3${cursor && `&cursor=${cursor}`}`,
        { key },
      );
      entries.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(balance).toBe(1000 - 9);
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(balance);
    const { totals } = await callData<UsageSummary>(`/api/v1/usage/summary?${period}`, { key });
    const charged = entries.filter(({ kind }) => kind === 'charge').reduce((sum, { amount }) => sum - amount, 0);
    expect(charged).toBe(totals.credits);
  });

  it('tells the plan of the key', async () => {
    expect(await callData<CreditBalance>('/api/v1/credits', { key: 'sk-local-slow' })).toMatchObject({
      organisation: { slug: 'acme', name: 'Acme' },
      plan: { requests_per_minute: 5, requests_per_minute_by_operation: {} },
    });
    expect((await callData<CreditBalance>('/api/v1/credits', { key: 'sk-local-broke' })).balance).toBe(0);
  });

  it('tells the limits that hold for this key, not those of others in the organisation', async () => {
    await env.DB.prepare(
      `UPDATE organisations SET requests_per_minute = 60, requests_per_minute_by_operation = '{"listKeys": 600}' WHERE slug IN ('acme', 'broke')`,
    ).run();
    const planOf = async (of: string) => (await callData<CreditBalance>('/api/v1/credits', { key: of })).plan;
    expect(await planOf(await keyLimitedTo(5))).toEqual({
      requests_per_minute: 5,
      requests_per_minute_by_operation: { listKeys: 5 },
    });
  });
});

/** A key of acme's that nobody has used yet, so that no cache knows its organisation. */
async function keyLimitedTo(requestsPerMinute: number): Promise<string> {
  const key = `sk-${crypto.randomUUID()}`;
  await env.DB.prepare(
    `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, requests_per_minute, created_at_ms)
     SELECT ?, id, 'limited', ?, 'sk-', '[]', ?, 0 FROM organisations WHERE slug = 'acme'`,
  )
    .bind(crypto.randomUUID(), await sha256Hex(key), requestsPerMinute)
    .run();
  return key;
}
