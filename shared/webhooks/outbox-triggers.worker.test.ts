import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearWebhooks, endpoint, rows, webhookBench } from '../../workers/sessions/webhooks/testing/webhook-bench.ts';
import { openDatabase } from '../db/database.ts';
import { failSubmission, findSubmissionById } from '../db/submissions.ts';
import { changeWebhook } from '../db/webhooks.ts';
import { booksOf, checkBody, crops, frames, PATHS, postCheck } from '../testing/post-check.ts';
import { giveFilmVerdict, storedSubmission } from '../testing/post-video.ts';
import { seedDatabase } from '../testing/seeded-database.ts';
import { setBalance } from '../testing/set-balance.ts';

const db = openDatabase(env.DB);
const NOON_MS = Date.UTC(2026, 2, 27, 12);
const { services } = webhookBench();

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

const told = async () =>
  (await rows('webhook_events')).map(({ event, session_id, data, created_at_ms, dispatched_at_ms }) => ({
    event,
    session_id,
    created_at_ms,
    dispatched_at_ms,
    data: JSON.parse(String(data)) as unknown,
  }));

describe('a verdict', () => {
  it.each(Object.entries(PATHS))('is told as it was answered: %s', async (kind, path) => {
    await endpoint(services);
    const { frames, ...members } = checkBody();
    const body = kind === 'frames' ? { ...members, frames } : { ...members, crops: crops(10) };
    const answer = await postCheck(body, {}, path);
    expect(answer.body.success).toBe(true);
    expect(await told()).toEqual([
      expect.objectContaining({
        event: 'verification.completed',
        session_id: members.session_id,
        data: answer.body.data,
        dispatched_at_ms: null,
      }),
    ]);
    // The same answer again is no second event.
    await postCheck(body, {}, path);
    expect(await told()).toHaveLength(1);
  });

  it('of a hybrid check tells the two kinds of evidence apart, as its answer does', async () => {
    await endpoint(services);
    const pictures = frames(50).map(({ timestamp_ms, pixels }) => ({ timestamp_ms, pixels }));
    const body = { session_id: crypto.randomUUID(), fps: 30, source: 'live', frames: pictures };
    const answer = await postCheck(body, {}, '/api/v1/hybrid-50');
    expect(answer.body.data).toMatchObject({ physio_extracted: expect.any(Boolean) });
    expect(await told()).toMatchObject([{ data: answer.body.data }]);
  });

  it('is not told where everybody listens to something else', async () => {
    await endpoint(services, { events: ['video.failed', 'session.completed'] });
    expect((await postCheck(checkBody())).body.success).toBe(true);
    expect(await told()).toEqual([]);
    await endpoint(services, { events: ['video.failed', 'verification.completed'] });
    expect((await postCheck(checkBody())).body.success).toBe(true);
    expect(await told()).toHaveLength(1);
  });

  it('is not told where nobody of the organisation listens', async () => {
    const hook = await endpoint(services);
    await endpoint(services, { slug: 'globex' });
    await changeWebhook(db, hook.organisationId, hook.id, { enabled: false }, NOON_MS);
    expect((await postCheck(checkBody())).body.success).toBe(true);
    expect(await told()).toEqual([]);
  });

  it('that cannot be told is not given', async () => {
    await endpoint(services);
    await env.DB.prepare(
      "CREATE TRIGGER no_events BEFORE INSERT ON webhook_events BEGIN SELECT RAISE(ABORT, 'full'); END",
    ).run();
    const before = await booksOf();
    try {
      const { response, body } = await postCheck(checkBody());
      expect([response.status, body.success]).toEqual([500, false]);
      const { balance, usageRows } = await booksOf();
      expect([balance, usageRows]).toEqual([before.balance, before.usageRows]);
    } finally {
      await env.DB.prepare('DROP TRIGGER no_events').run();
    }
  });

  it('that is not paid for is not told', async () => {
    await endpoint(services, { slug: 'broke' });
    await setBalance('broke', 0);
    expect((await postCheck(checkBody(), { key: 'sk-local-broke' })).response.status).toBe(402);
    expect(await told()).toEqual([]);
  });
});

describe('a video', () => {
  it('is told with its verdict, once', async () => {
    await endpoint(services);
    const row = await storedSubmission({ metadata: { name: 'Ada' } });
    await giveFilmVerdict(row, { nowMs: NOON_MS });
    const [event, ...others] = await told();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      event: 'video.completed',
      session_id: row.id,
      created_at_ms: NOON_MS,
      data: {
        submission_id: row.id,
        status: 'completed',
        error: null,
        tenant_metadata: { name: 'Ada' },
        result: { verdict: 'live', session_id: row.id, score: expect.any(Number) },
      },
    });
    expect(JSON.stringify(event)).not.toContain('diagnostics');
  });

  it('that fails is told with its reason', async () => {
    await endpoint(services);
    const row = await storedSubmission();
    await failSubmission(db, row.id, 'It is "no" film', NOON_MS);
    await failSubmission(db, row.id, 'Once more', NOON_MS + 1);
    expect(await told()).toMatchObject([
      {
        event: 'video.failed',
        session_id: row.id,
        created_at_ms: NOON_MS,
        data: { status: 'failed', error: 'It is "no" film', result: null, tenant_metadata: null },
      },
    ]);
  });

  it('is not told where everybody listens to something else', async () => {
    await endpoint(services, { events: ['verification.completed', 'video.failed'] });
    await giveFilmVerdict(await storedSubmission(), { nowMs: NOON_MS });
    expect(await told()).toEqual([]);
    await failSubmission(db, (await storedSubmission()).id, 'x', NOON_MS);
    expect(await told()).toHaveLength(1);
  });

  it('is not told where nobody listens', async () => {
    const row = await storedSubmission();
    await failSubmission(db, row.id, 'x', NOON_MS);
    expect(await told()).toEqual([]);
    expect((await findSubmissionById(db, row.id))?.status).toBe('failed');
  });
});
