import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimVerification, releaseVerification } from '#shared/db/verifications.ts';
import { giveFilmVerdict, storedSubmission } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../env.ts';
import { createServices, type Services } from '../services.ts';
import { readProgress, type StreamProgressReader, waitForProgress } from './follow-check.ts';
import type { GatheredFrames } from './present-progress.ts';

const BEGAN_MS = Date.UTC(2026, 2, 27);
const LEASE_MS = 60_000;
const NO_STREAM: StreamProgressReader = { progressOf: async () => null };
const gathered: GatheredFrames = { framesReceived: 7, framesRequired: 30, openedAtMs: BEGAN_MS - 5_000 };

let nowMs: number;
let pauses: number[];
/** What happens in a pause; the clock moves anyhow. */
let meanwhile: () => Promise<void>;
let services: Services;
let owner: { organisationId: string; apiKeyId: string };
let check: { organisationId: string; sessionId: string };
let claim: { id: string; claimToken: string };

beforeAll(async () => {
  await seedDatabase();
  const row = await env.DB.prepare('SELECT id, organisation_id FROM api_keys LIMIT 1').first<Record<string, string>>();
  owner = { organisationId: row?.organisation_id ?? '', apiKeyId: row?.id ?? '' };
});

beforeEach(() => {
  nowMs = BEGAN_MS;
  pauses = [];
  meanwhile = async () => undefined;
  services = {
    ...createServices(env as unknown as GatewayEnv, () => undefined),
    nowMs: () => nowMs,
    sleep: async (ms) => {
      pauses.push(ms);
      nowMs += ms;
      await meanwhile();
    },
  };
  check = { organisationId: owner.organisationId, sessionId: crypto.randomUUID() };
});

async function begin(operation = 'fastCheck', leaseEndsAtMs = BEGAN_MS + LEASE_MS): Promise<void> {
  claim = { id: crypto.randomUUID(), claimToken: crypto.randomUUID() };
  const whole = { ...check, ...claim, operation, apiKeyId: owner.apiKeyId, startedAtMs: BEGAN_MS, leaseEndsAtMs };
  await claimVerification(services.database, whole, BEGAN_MS);
}

const finish = (verdict = 'live') =>
  env.DB.prepare(
    `UPDATE verifications SET state = 'done', claim_token = NULL, lease_ends_at_ms = NULL, content_hash = 'x',
     created_at_ms = ?, result = ? WHERE id = ?`,
  )
    .bind(nowMs, JSON.stringify({ verdict, confidence: 0.9, real_score: 0.9, processing_ms: 40 }), claim.id)
    .run();

const read = (streams = NO_STREAM) => readProgress(services, streams, check);
const wait = (timeoutMs: number, streams = NO_STREAM) => waitForProgress(services, streams, { ...check, timeoutMs });

describe('a check', () => {
  it('that nobody has sent is not found, and not waited for', async () => {
    await expect(read()).rejects.toThrow('Check not found');
    await expect(wait(120_000)).rejects.toThrow('Check not found');
    expect(pauses).toEqual([]);
  });

  it('is processing as long as somebody holds it, to the last moment', async () => {
    await begin();
    const expected = { status: 'processing', available: false, error: null, completed_at: null, verdict: null };
    expect(await read()).toMatchObject({ ...expected, started_at: '2026-03-27T00:00:00.000Z' });
    nowMs += LEASE_MS;
    expect(await read()).toMatchObject(expected);
    nowMs += 1;
    expect(await read()).toMatchObject({ status: 'failed', available: false, verdict: null });
    expect((await read()).error).toBe('The check came to no verdict. Nothing was charged; please send it again.');
  });

  it('is queued while its frames are gathered, whatever died before', async () => {
    const streams: StreamProgressReader = { progressOf: async () => gathered };
    const expected = {
      status: 'queued',
      frames_processed: 7,
      started_at: null,
      created_at: '2026-03-26T23:59:55.000Z',
    };
    expect(await read(streams)).toMatchObject(expected);
    await begin('fastCheck', BEGAN_MS - 1);
    expect(await read(streams)).toMatchObject(expected);
    await begin('fastCheckCrops');
    expect(await read(streams)).toMatchObject({ status: 'processing' });
  });

  it('asks for gathered frames under its own organisation and session only', async () => {
    const asked: string[][] = [];
    const streams: StreamProgressReader = {
      progressOf: async (...names) => {
        asked.push(names);
        return null;
      },
    };
    await expect(read(streams)).rejects.toThrow('not found');
    expect(asked).toEqual([[check.organisationId, check.sessionId]]);
  });

  it('is not lost where a stream comes to its verdict between two looks', async () => {
    const streams: StreamProgressReader = {
      progressOf: async () => {
        await begin('fastCheckStream');
        await finish();
        return null;
      },
    };
    expect(await read(streams)).toMatchObject({ status: 'complete', verdict: 'live' });
  });

  it('is not lost where a video comes to its verdict between two looks', async () => {
    const row = await storedSubmission();
    check = { organisationId: row.organisationId, sessionId: row.id };
    const streams: StreamProgressReader = {
      progressOf: async () => {
        await giveFilmVerdict(row);
        return null;
      },
    };
    expect(await read(streams)).toMatchObject({ status: 'complete', verdict: 'live' });
  });

  it('that is done wins over one that runs, the newest over older ones, and one that lives over one that died', async () => {
    await begin('verify', BEGAN_MS - 1);
    await begin('hybrid50');
    expect(await read()).toMatchObject({ status: 'processing' });
    await begin('fastCheck');
    await finish('fake');
    nowMs += 1000;
    expect(await read()).toMatchObject({ status: 'complete', verdict: 'fake' });
    await begin('fastCheckCrops');
    expect(await read()).toMatchObject({ status: 'complete', verdict: 'fake' });
    await finish('live');
    expect(await read()).toMatchObject({
      status: 'complete',
      verdict: 'live',
      completed_at: '2026-03-27T00:00:01.000Z',
    });
  });
});

describe('waiting', () => {
  it('ends with the verdict', async () => {
    await begin();
    meanwhile = async () => {
      if (pauses.length === 3) await finish();
    };
    expect(await wait(30_000)).toMatchObject({ status: 'complete', verdict: 'live', available: true });
    expect(pauses).toHaveLength(3);
  });

  it('does not begin where the verdict is there, or the check has died', async () => {
    await begin();
    await finish();
    expect(await wait(30_000)).toMatchObject({ status: 'complete' });
    check = { ...check, sessionId: crypto.randomUUID() };
    await begin('fastCheck', BEGAN_MS - 1);
    expect(await wait(30_000)).toMatchObject({ status: 'failed' });
    expect(pauses).toEqual([]);
  });

  it('ends when the lease does', async () => {
    await begin('fastCheck', BEGAN_MS + 3_000);
    expect(await wait(120_000)).toMatchObject({ status: 'failed', started_at: '2026-03-27T00:00:00.000Z' });
    expect(nowMs).toBeLessThan(BEGAN_MS + 6_000);
  });

  it('ends when the check breaks off and leaves nothing', async () => {
    await begin();
    meanwhile = () => releaseVerification(services.database, claim);
    const progress = await wait(30_000);
    expect(progress).toMatchObject({ status: 'failed', created_at: '2026-03-27T00:00:00.000Z', available: false });
    expect(progress.error).toContain('Nothing was charged');
    expect(pauses).toHaveLength(1);
  });

  it('follows a stream to its verdict, and to its end without one', async () => {
    let buffered: GatheredFrames | null = gathered;
    const streams: StreamProgressReader = { progressOf: async () => buffered };
    meanwhile = async () => {
      buffered = null;
      await begin('fastCheckStream');
      await finish();
    };
    expect(await wait(30_000, streams)).toMatchObject({ status: 'complete' });
    check = { ...check, sessionId: crypto.randomUUID() };
    buffered = gathered;
    meanwhile = async () => {
      buffered = null;
    };
    expect(await wait(30_000, streams)).toMatchObject({ status: 'failed', frames_processed: 7 });
  });

  it.each([0, 1_000, 30_000, 120_000])(
    'of %d ms is over before the client’s own clock, with what is so then',
    async (ms) => {
      await begin('fastCheck', BEGAN_MS + 10 * LEASE_MS);
      expect(await wait(ms)).toMatchObject({ status: 'processing', available: false });
      expect(nowMs).toBe(BEGAN_MS + ms * 0.95);
      expect(pauses.length).toBeLessThan(80);
      const allButTheLast = pauses.slice(0, -1);
      expect(allButTheLast.toSorted((a, b) => a - b)).toEqual(allButTheLast);
    },
  );
});
