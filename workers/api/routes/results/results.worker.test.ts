import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Verification, VerificationSummary } from '#shared/contract/checks.ts';
import type { Page } from '#shared/contract/pagination.ts';
import type { CheckProgress } from '#shared/contract/results.ts';
import { openDatabase } from '#shared/db/database.ts';
import { beginAttempt, countWaiting, failSubmission } from '#shared/db/submissions.ts';
import { type CallOptions, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, checkBody, crops, gate, PATHS, postCheck, until } from '#shared/testing/post-check.ts';
import { streamOf } from '#shared/testing/post-frame.ts';
import { storedSubmission } from '#shared/testing/post-video.ts';
import { recordQueries } from '#shared/testing/record-queries.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';

const GLOBEX = 'sk-local-globex';
const READER = 'sk-local-acme-read';

beforeAll(seedDatabase);

const pathOf = (sessionId: string) => `/api/v1/result/${sessionId}`;
const read = (sessionId: string, rest = '') => callData<CheckProgress>(`${pathOf(sessionId)}${rest}`, { key: READER });
const codeOf = async (path: string, options: CallOptions = { key: ACME }) => {
  const { response } = await callJson(path, options);
  return [response.status, response.headers.get('x-error-code')];
};

/** A check that does not end before it is let. */
async function heldUp() {
  const { opened, open } = gate();
  let asked = false;
  const inference = stubInference({
    judge: async () => {
      asked = true;
      await opened;
      return { ok: true, judgement: JUDGEMENT };
    },
  });
  const body = checkBody();
  const running = postCheck(body, { inference });
  await until(() => asked);
  const end = async () => {
    open();
    await running;
  };
  return { sessionId: body.session_id, open, end };
}

const endLease = (sessionId: string) =>
  env.DB.prepare('UPDATE verifications SET lease_ends_at_ms = 1 WHERE session_id = ?').bind(sessionId).run();

describe('the result of a check', () => {
  it('is told member by member, before and after', async () => {
    const check = await heldUp();
    const named = { job_id: check.sessionId, session_id: check.sessionId };
    const running = await read(check.sessionId);
    expect(running).toEqual({
      ...named,
      status: 'processing',
      created_at: expect.stringMatching(/^2\d{3}-.*Z$/),
      started_at: running.created_at,
      completed_at: null,
      verdict: null,
      confidence: null,
      real_score: null,
      processing_ms: null,
      frames_processed: null,
      available: false,
      warning: null,
      error: null,
    });
    await check.end();
    expect(await read(check.sessionId.toUpperCase())).toEqual({
      ...named,
      status: 'complete',
      created_at: running.created_at,
      started_at: running.started_at,
      completed_at: expect.stringMatching(/^2\d{3}-.*Z$/),
      verdict: 'live',
      confidence: 0.95,
      real_score: 0.95,
      processing_ms: expect.any(Number),
      frames_processed: 10,
      available: true,
      warning: null,
      error: null,
    });
  });

  it('is there for verdicts from before it was kept when work began', async () => {
    const body = checkBody();
    await postCheck(body);
    await env.DB.prepare('UPDATE verifications SET started_at_ms = NULL WHERE session_id = ?')
      .bind(body.session_id)
      .run();
    const progress = await read(body.session_id);
    expect(progress).toMatchObject({ status: 'complete', started_at: null, created_at: progress.completed_at });
  });

  it('says so when nobody works on it any more, until it is sent again', async () => {
    const check = await heldUp();
    await endLease(check.sessionId);
    const progress = await read(check.sessionId);
    expect([progress.status, progress.available]).toEqual(['failed', false]);
    expect(progress.error).toContain('please send it again');
    expect(await read(check.sessionId, '/wait?timeout=120')).toEqual(progress);
    await check.end();
    expect(await read(check.sessionId)).toMatchObject({ status: 'complete' });
  });

  it('of a stream counts its frames, then has its verdict', async () => {
    const stream = streamOf();
    await stream.postAll(3);
    const readStream = (rest = '') =>
      callData<CheckProgress>(`${pathOf(stream.sessionId)}${rest}`, { key: READER, env: stream.bindings });
    expect(await readStream()).toMatchObject({ status: 'queued', frames_processed: 3, available: false });
    expect(await readStream('/wait?timeout=1')).toMatchObject({ status: 'queued', frames_processed: 3 });
    const strange = { key: GLOBEX, env: stream.bindings };
    expect(await codeOf(pathOf(stream.sessionId), strange)).toEqual([404, 'not_found']);
    await stream.postAll(10, 3);
    expect(await readStream()).toMatchObject({ status: 'complete', verdict: 'live', frames_processed: 10 });
  });

  it('of a check that was refused is not there', async () => {
    const body = checkBody({ frames: [] });
    await postCheck(body);
    expect(await codeOf(pathOf(body.session_id))).toEqual([404, 'not_found']);
  });

  it.each(['', '/wait', '/wait?timeout=120'])(
    'is the organisation’s own, and needs a known session: %s',
    async (rest) => {
      const body = checkBody();
      await postCheck(body);
      const beganMs = Date.now();
      expect(await codeOf(pathOf(body.session_id) + rest, { key: GLOBEX })).toEqual([404, 'not_found']);
      expect(await codeOf(pathOf(crypto.randomUUID()) + rest)).toEqual([404, 'not_found']);
      expect(await codeOf(pathOf('abc') + rest)).toEqual([400, 'validation_error']);
      expect(Date.now() - beganMs).toBeLessThan(5_000);
    },
  );
});

describe('waiting for it', () => {
  it('ends with the verdict', async () => {
    const check = await heldUp();
    const waiting = read(check.sessionId, '/wait');
    setTimeout(check.open, 50);
    expect(await waiting).toMatchObject({ status: 'complete', verdict: 'live' });
  });

  it('ends when the time is up', async () => {
    const check = await heldUp();
    const beganMs = Date.now();
    expect(await read(check.sessionId, '/wait?timeout=0')).toMatchObject({ status: 'processing' });
    expect(await read(check.sessionId, '/wait?timeout=1')).toMatchObject({ status: 'processing' });
    expect(Date.now() - beganMs).toBeGreaterThan(900);
    await check.end();
  });

  it.each(['-1', '121', '1.5', 'long', '1e9'])('takes no timeout of %s', async (timeout) => {
    const path = `${pathOf(crypto.randomUUID())}/wait?timeout=${timeout}`;
    expect(await codeOf(path)).toEqual([400, 'validation_error']);
  });
});

describe('the queue', () => {
  const stats = (key: string) => callData('/api/v1/queue/stats', { key });

  it('counts the videos of the organisation that wait just now, and no other work', async () => {
    const running = await heldUp();
    expect(await stats(READER)).toEqual({ queue_length: 0, queue_key: 'videos:acme' });
    const [first, second] = [await storedSubmission(), await storedSubmission(), await storedSubmission({}, 'globex')];
    expect(await stats(READER)).toEqual({ queue_length: 2, queue_key: 'videos:acme' });
    expect(await stats(GLOBEX)).toEqual({ queue_length: 1, queue_key: 'videos:globex' });
    await beginAttempt(openDatabase(env.DB), first.id, Date.now());
    expect(await stats(READER)).toMatchObject({ queue_length: 1 });
    await failSubmission(openDatabase(env.DB), second.id, 'x', Date.now());
    expect(await stats(READER)).toMatchObject({ queue_length: 0 });
    expect(await stats(GLOBEX)).toMatchObject({ queue_length: 1 });
    await running.end();
  });

  it.each([
    ['all', undefined, '(organisation_id=? AND status=?)'],
    ['those before an instant', 1, '(organisation_id=? AND status=? AND created_at_ms<?)'],
  ])('looks only at what waits, however many videos there have been: %s', async (_which, beforeMs, by) => {
    const { database, queries } = recordQueries(env.DB);
    await countWaiting(openDatabase(database), 'x', beforeMs);
    const [query] = queries;
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query?.sql}`)
      .bind(...(query?.parameters ?? []))
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail)).toEqual([`SEARCH submissions USING INDEX submissions_open ${by}`]);
  });
});

describe('the client’s time', () => {
  const tell = (sessionId: string, clientTime: unknown, key = ACME) =>
    callJson(`/api/v1/sessions/${sessionId}/client-time`, { method: 'PATCH', key, body: { client_time: clientTime } });
  const shown = async (sessionId: string) =>
    (await callData<Verification>(`/api/v1/verifications/${sessionId}`, { key: READER })).client_time;

  it('is kept with the verdict, in whole milliseconds, and shown with it', async () => {
    const body = checkBody();
    await postCheck(body);
    expect(await shown(body.session_id)).toBeNull();
    const { response, body: answer } = await tell(body.session_id.toUpperCase(), 4200.6);
    expect([response.status, answer.data]).toEqual([200, { session_id: body.session_id, client_time: 4201 }]);
    expect(await shown(body.session_id)).toBe(4201);
    const { items } = await callData<Page<VerificationSummary>>('/api/v1/verifications?limit=1', { key: READER });
    expect(items[0]).toMatchObject({ session_id: body.session_id, client_time: 4201 });
    await tell(body.session_id, 0);
    expect(await shown(body.session_id)).toBe(0);
  });

  it('belongs to the newest verdict of the session, and to no other', async () => {
    const { frames, ...members } = checkBody();
    await postCheck({ ...members, crops: crops(10) }, {}, PATHS.crops);
    await env.DB.prepare('UPDATE verifications SET created_at_ms = created_at_ms - 1000 WHERE session_id = ?')
      .bind(members.session_id)
      .run();
    await postCheck({ ...members, frames });
    await tell(members.session_id, 70);
    const rows = await env.DB.prepare('SELECT operation, client_time_ms FROM verifications WHERE session_id = ?')
      .bind(members.session_id)
      .all();
    expect(rows.results).toEqual(
      expect.arrayContaining([
        { operation: 'fastCheck', client_time_ms: 70 },
        { operation: 'fastCheckCrops', client_time_ms: null },
      ]),
    );
  });

  it('finds no verdict under another’s session, under none, and under one that still runs', async () => {
    const body = checkBody();
    await postCheck(body);
    const running = await heldUp();
    for (const answer of [
      await tell(body.session_id, 5, GLOBEX),
      await tell(crypto.randomUUID(), 5),
      await tell(running.sessionId, 5),
    ]) {
      expect([answer.response.status, answer.response.headers.get('x-error-code')]).toEqual([404, 'not_found']);
    }
    expect(await shown(body.session_id)).toBeNull();
    await running.end();
    expect(await shown(running.sessionId)).toBeNull();
  });

  it.each([-1, 3_600_001, '5', null, undefined])('is refused when it is %s', async (clientTime) => {
    const body = checkBody();
    await postCheck(body);
    const { response } = await tell(body.session_id, clientTime);
    expect(response.status).toBe(400);
    expect(await shown(body.session_id)).toBeNull();
  });

  it('takes an hour, and the right to write', async () => {
    const body = checkBody();
    await postCheck(body);
    expect((await tell(body.session_id, 3_600_000)).response.status).toBe(200);
    expect((await tell(body.session_id, 1, READER)).response.status).toBe(403);
  });
});
