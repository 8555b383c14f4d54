import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedDatabase } from '../testing/seeded-database.ts';
import { chargeCheck, type NewUsageEvent, readBalance } from './credits.ts';
import { openDatabase } from './database.ts';

const db = openDatabase(env.DB);
let organisationId = '';

beforeAll(seedDatabase);
beforeEach(async () => {
  organisationId = crypto.randomUUID();
  await env.DB.prepare(`INSERT INTO organisations (id, slug, name, created_at_ms) VALUES (?1, ?1, 'test', 0)`)
    .bind(organisationId)
    .run();
  await grant(10);
});

function grant(amount: number, reference = crypto.randomUUID()): Promise<unknown> {
  return env.DB.prepare(
    `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms)
     SELECT ?, id, 'grant', ?, credit_balance + ?, ?, 0 FROM organisations WHERE id = ?`,
  )
    .bind(crypto.randomUUID(), amount, amount, reference, organisationId)
    .run();
}

function check(sessionId: string, credits = 1): NewUsageEvent {
  return {
    id: crypto.randomUUID(),
    organisationId,
    apiKeyId: null,
    operation: 'fastCheck',
    sessionId,
    model: 'mixed-10-v2',
    verdict: 'live',
    score: 91.5,
    credits,
    framesProcessed: 10,
    processingMs: 120,
    createdAtMs: 1,
  };
}

const charge = async (sessionId: string, credits?: number) =>
  (await chargeCheck(db, check(sessionId, credits), crypto.randomUUID())).outcome;

async function books() {
  const sum = (sql: string) => env.DB.prepare(sql).bind(organisationId).first<number>('n');
  return {
    balance: await readBalance(db, organisationId),
    ledger: await sum('SELECT sum(amount) AS n FROM credit_entries WHERE organisation_id = ?'),
    charged: await sum(
      `SELECT -coalesce(sum(amount), 0) AS n FROM credit_entries WHERE organisation_id = ? AND kind = 'charge'`,
    ),
    used: await sum('SELECT coalesce(sum(credits), 0) AS n FROM usage_events WHERE organisation_id = ?'),
    rows: await sum('SELECT count(*) AS n FROM usage_events WHERE organisation_id = ?'),
  };
}

describe('charging a check', () => {
  it('takes its credits and writes its usage row', async () => {
    expect(await charge('a', 2)).toBe('charged');
    expect(await books()).toEqual({ balance: 8, ledger: 8, charged: 2, used: 2, rows: 1 });
  });

  it('takes them once, however often and however many at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => charge('a')));
    expect(outcomes.filter((outcome) => outcome === 'charged')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'already_charged')).toHaveLength(19);
    expect(await books()).toEqual({ balance: 9, ledger: 9, charged: 1, used: 1, rows: 1 });
  });

  it('takes exactly what is there when more is asked for at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 25 }, (_, i) => charge(`session-${i}`)));
    expect(outcomes.filter((outcome) => outcome === 'charged')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'insufficient')).toHaveLength(15);
    expect(await books()).toEqual({ balance: 0, ledger: 0, charged: 10, used: 10, rows: 10 });
  });

  it('writes nothing when the credits do not suffice', async () => {
    expect(await charge('a', 11)).toBe('insufficient');
    expect(await books()).toEqual({ balance: 10, ledger: 10, charged: 0, used: 0, rows: 0 });
    await grant(1);
    expect(await charge('a', 11)).toBe('charged');
  });

  it('takes nothing when the usage row cannot be written', async () => {
    const broken = { ...check('a'), apiKeyId: 'no such key' };
    await expect(chargeCheck(db, broken, crypto.randomUUID())).rejects.toThrow();
    expect(await books()).toEqual({ balance: 10, ledger: 10, charged: 0, used: 0, rows: 0 });
  });
});

describe('the ledger', () => {
  const run = (sql: string) => env.DB.prepare(sql).bind(organisationId).run();

  it('is append-only', async () => {
    await expect(run('UPDATE credit_entries SET amount = 5 WHERE organisation_id = ?')).rejects.toThrow('append-only');
    await expect(run('DELETE FROM credit_entries WHERE organisation_id = ?')).rejects.toThrow('append-only');
  });

  it('takes no entry that does not follow, and no overdraft', async () => {
    const insert = (amount: number, balanceAfter: number) =>
      env.DB.prepare(
        `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms) VALUES (?1, ?2, 'adjustment', ?3, ?4, ?1, 0)`,
      )
        .bind(crypto.randomUUID(), organisationId, amount, balanceAfter)
        .run();
    await expect(insert(5, 100)).rejects.toThrow('does not follow');
    await expect(insert(-11, -1)).rejects.toThrow('CHECK constraint failed');
    expect(await readBalance(db, organisationId)).toBe(10);
  });

  it('takes a grant once per reference', async () => {
    await grant(5, 'invoice-1');
    await expect(grant(5, 'invoice-1')).rejects.toThrow('UNIQUE');
    expect(await readBalance(db, organisationId)).toBe(15);
  });

  it('goes with its organisation, as everything else of it does', async () => {
    await charge('a');
    await run('DELETE FROM organisations WHERE id = ?');
    expect(await books()).toMatchObject({ ledger: null, rows: 0 });
  });
});

it('has foreign keys on', async () => {
  await expect(
    env.DB.prepare(
      `INSERT INTO allowed_hosts (id, organisation_id, origin_pattern, created_at_ms) VALUES ('x', 'nobody', 'y', 0)`,
    ).run(),
  ).rejects.toThrow('FOREIGN KEY');
});
