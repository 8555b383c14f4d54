import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedDatabase } from '../testing/seeded-database.ts';
import { chargeCheck, chargeUnclaimedCheck, type NewUsageEvent, readBalance } from './credits.ts';
import { openDatabase } from './database.ts';
import {
  claimVerification,
  findVerification,
  type NewVerdict,
  releaseVerification,
  type StoredResult,
  type VerdictToStore,
} from './verifications.ts';

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

describe('charging a check together with its verdict', () => {
  const result: StoredResult = {
    verdict: 'live',
    confidence: 0.9,
    real_score: 0.9,
    score: 90,
    type: 'VERY HIGH',
    session_id: 'a',
    model: 'mixed-10-v2',
    input_source: 'rest_frames',
    processing_ms: 1,
    frames_processed: 10,
    tenant_metadata: null,
    warning: null,
    warnings: null,
    created_at: '2026-03-27T14:00:00.000Z',
    diagnostics: [],
  };

  async function claim(token = 'token', nowMs = 1): Promise<VerdictToStore> {
    const apiKeyId = (await env.DB.prepare('SELECT id FROM api_keys LIMIT 1').first<string>('id')) ?? '';
    const scope = { organisationId, operation: 'fastCheck', sessionId: 'a' };
    const wanted = {
      ...scope,
      id: crypto.randomUUID(),
      apiKeyId,
      claimToken: token,
      startedAtMs: 1,
      leaseEndsAtMs: nowMs + 10,
    };
    const claimed = await claimVerification(db, wanted, nowMs);
    if (!claimed.claimed) throw new Error('the session is not free');
    const given = { contentHash: 'h', source: 'live', result, bgSegmentation: null, metadata: null } as const;
    return { id: claimed.id, claimToken: token, ...given };
  }

  const conclude = async (verdict: VerdictToStore, credits = 1) =>
    (await chargeCheck(db, check('a', credits), crypto.randomUUID(), verdict)).outcome;
  const verdictOf = () =>
    env.DB.prepare('SELECT verdict AS v FROM verifications WHERE organisation_id = ?')
      .bind(organisationId)
      .first<string>('v');

  it('writes both', async () => {
    expect(await conclude(await claim())).toBe('charged');
    expect([await verdictOf(), await books()]).toEqual([
      'live',
      { balance: 9, ledger: 9, charged: 1, used: 1, rows: 1 },
    ]);
  });

  it('writes neither without enough credits', async () => {
    expect(await conclude(await claim(), 11)).toBe('insufficient');
    expect([await verdictOf(), await books()]).toEqual([null, expect.objectContaining({ charged: 0, rows: 0 })]);
  });

  it('writes neither when the claim was lost, nor when it was released', async () => {
    const lost = await claim('first');
    const held = await claim('second', 100);
    expect(await conclude(lost)).toBe('claim_lost');
    expect([await verdictOf(), await books()]).toEqual([null, expect.objectContaining({ charged: 0, rows: 0 })]);
    await releaseVerification(db, held);
    expect(await conclude(held)).toBe('claim_lost');
    expect(await books()).toMatchObject({ charged: 0, rows: 0 });
  });

  it('writes once, whoever comes twice', async () => {
    const verdict = await claim();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => conclude(verdict)));
    expect(outcomes.sort()).toEqual(['charged', ...Array.from({ length: 4 }, () => 'claim_lost')]);
    expect(await books()).toMatchObject({ charged: 1, rows: 1 });
  });

  it('writes neither when the verdict cannot be stored', async () => {
    const verdict = { ...(await claim()), source: 'live' as const, contentHash: null as unknown as string };
    await expect(conclude(verdict)).rejects.toThrow();
    expect(await books()).toMatchObject({ charged: 0, rows: 0 });
  });

  describe('of a check that held no claim', () => {
    const metadata = { note: 'ü', list: [1, null] };
    async function unclaimed(): Promise<NewVerdict> {
      const apiKeyId = (await env.DB.prepare('SELECT id FROM api_keys LIMIT 1').first<string>('id')) ?? '';
      const scope = { organisationId, operation: 'fastCheck', sessionId: 'a' };
      const given = { contentHash: 'h', source: 'live', result, bgSegmentation: true, metadata } as const;
      return { ...scope, id: crypto.randomUUID(), apiKeyId, startedAtMs: 5, ...given };
    }
    const charge = async (verdict: NewVerdict, credits = 1) =>
      (await chargeUnclaimedCheck(db, check('a', credits), crypto.randomUUID(), verdict)).outcome;

    it('stores what a claimed one stores', async () => {
      const verdict = await unclaimed();
      expect(await charge(verdict)).toBe('charged');
      const scope = { organisationId, operation: 'fastCheck', sessionId: 'a' };
      const { apiKeyId } = verdict;
      expect(await findVerification(db, scope)).toEqual({
        ...scope,
        ...{ id: verdict.id, apiKeyId, state: 'done', claimToken: null, leaseEndsAtMs: null, contentHash: 'h' },
        ...{ model: 'mixed-10-v2', verdict: 'live', source: 'live', inputSource: 'rest_frames', result },
        ...{ warnings: null, bgSegmentation: true, metadata, startedAtMs: 5, clientTimeMs: null },
        createdAtMs: Date.parse(result.created_at),
      });
      expect(await books()).toEqual({ balance: 9, ledger: 9, charged: 1, used: 1, rows: 1 });
    });

    it('writes nothing without enough credits, and all once they are there', async () => {
      const verdict = await unclaimed();
      expect(await charge(verdict, 11)).toBe('insufficient');
      expect([await verdictOf(), await books()]).toEqual([null, expect.objectContaining({ charged: 0, rows: 0 })]);
      expect(await charge(verdict)).toBe('charged');
    });

    it('writes once, whoever comes twice', async () => {
      const verdicts = await Promise.all(Array.from({ length: 5 }, unclaimed));
      const outcomes = await Promise.all(verdicts.map((verdict) => charge(verdict)));
      expect(outcomes.sort()).toEqual(['charged', ...Array.from({ length: 4 }, () => 'claim_lost')]);
      expect(await books()).toMatchObject({ charged: 1, rows: 1 });
    });

    it('takes nothing where a claim is held', async () => {
      await claim();
      await expect(charge(await unclaimed())).rejects.toThrow();
      expect(await books()).toMatchObject({ charged: 0, rows: 0 });
    });
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
