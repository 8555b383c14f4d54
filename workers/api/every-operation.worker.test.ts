import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { ENVELOPE } from '#shared/contract/envelope.ts';
import type { Host } from '#shared/contract/hosts.ts';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { chargeCheck, readBalance } from '#shared/db/credits.ts';
import { openDatabase } from '#shared/db/database.ts';
import {
  beginAttempt,
  failSubmission,
  findSubmissionById,
  recordProgress,
  takeStalled,
  withdrawSubmission,
} from '#shared/db/submissions.ts';
import { findVerification, releaseVerification, renewClaim } from '#shared/db/verifications.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { checkBody, crops, frames } from '#shared/testing/post-check.ts';
import {
  film,
  formOf,
  giveFilmVerdict,
  recordingQueue,
  storedSubmission,
  videoPath,
} from '#shared/testing/post-video.ts';
import { type RecordedQuery, recordQueries } from '#shared/testing/record-queries.ts';
import { runFaceSearch } from '#shared/testing/run-face-search.ts';
import { runSessions } from '#shared/testing/run-sessions.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { stubbedFrameSessions } from '#shared/testing/stubbed-frame-sessions.ts';
import type { GatewayEnv } from './env.ts';
import type { Operation } from './operation/operation.ts';
import { OPERATIONS } from './operations.ts';
import { createServices } from './services.ts';
import { forgetExpired } from './use-cases/forget-expired.ts';
import { requireTenant } from './use-cases/require-tenant.ts';

const KEY = 'sk-local-acme';
const { database, queries } = recordQueries(env.DB);
const { service: inference } = stubInference();
const bindings = {
  env: {
    DB: database,
    INFERENCE: inference,
    FACES: stubFaces().service,
    FRAME_SESSION: stubbedFrameSessions(inference),
    VIDEO_JOBS: recordingQueue().queue,
  },
};
const reached = new Set<string>();
const answers: { operation: Operation; status: number; body: unknown }[] = [];

/** Calls an operation in each form that leads to another query. */
async function run(
  id: string,
  variants: { path?: string; body?: unknown; headers?: Record<string, string> }[],
): Promise<void> {
  const operation = OPERATIONS.find((candidate) => candidate.id === id);
  if (!operation) throw new Error(`no operation ${id}`);
  reached.add(id);
  for (const { path, body, headers } of variants) {
    const options = {
      method: operation.method,
      key: KEY,
      ...bindings,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    };
    const response = await call(path ?? operation.path, options);
    answers.push({ operation, status: response.status, body: await response.json() });
  }
}

beforeAll(async () => {
  await seedDatabase();
  const key = await callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: KEY, body: { name: 'x' } });
  const host = await callData<Host>('/api/v1/hosts', {
    method: 'POST',
    key: KEY,
    body: { origin: 'https://a.example.com' },
  });
  await callData('/api/v1/hosts', { method: 'POST', key: KEY, body: { origin: 'https://b.example.com' } });
  const cursorOf = async (path: string) =>
    (await callData<{ next_cursor: string }>(`${path}?limit=1`, { key: KEY })).next_cursor;
  const keyCursor = await cursorOf('/api/v1/keys');
  const hostCursor = await cursorOf('/api/v1/hosts');
  const once = { 'idempotency-key': 'plans' };
  const period = 'from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z';

  await run('readHealth', [{}]);
  await run('listModels', [{ headers: { origin: 'https://x.y.example.com' } }]);
  const check = checkBody({ diagnostics: true, metadata: { a: 1 }, warnings: ['dark'] });
  const { frames: _, ...cropsCheck } = checkBody({ crops: crops(10), bg_segmentation: true });
  await run('fastCheck', [{ body: check }, { body: check }, { body: checkBody(), headers: once }]);
  await run('fastCheckCrops', [{ body: cropsCheck }]);
  const { frames: __, ...streamCheck } = checkBody({ frame: frames(1)[0] });
  await run('fastCheckStream', [{ body: streamCheck }]);
  const { frames: uploaded, ...uploadedCheck } = checkBody({ fps: 30, warnings: ['dark'] });
  const { session_id, ...idLast } = checkBody();
  await run('uploadFrames', [
    { body: { ...uploadedCheck, frames: uploaded } },
    { body: { ...idLast, session_id } },
    { body: checkBody({ frames: frames(3) }), headers: once },
  ]);
  await run('v2FastCheck', [{ body: { ...uploadedCheck, diagnostics: true } }, { body: uploadedCheck }]);
  await run('v2LiveCheck', [{ body: uploadedCheck, headers: once }]);
  await run('liveCheck', [{ body: checkBody() }]);
  await run('verify', [{ body: checkBody({ frames: frames(50) }) }]);
  const hybrid = { frames: frames(50), fps: 30, diagnostics: true };
  await run('hybridCheck', [{ body: checkBody(hybrid) }]);
  await run('hybrid50', [{ body: checkBody(hybrid) }]);
  await run('hybrid150', [{ body: checkBody({ ...hybrid, frames: frames(150) }) }]);
  await run('readResult', [
    { path: `/api/v1/result/${check.session_id}` },
    { path: `/api/v1/result/${streamCheck.session_id}` },
  ]);
  await run('waitForResult', [
    { path: `/api/v1/result/${check.session_id}/wait` },
    { path: `/api/v1/result/${streamCheck.session_id}/wait?timeout=0` },
  ]);
  await run('readQueueStats', [{}]);
  await run('recordClientTime', [
    { path: `/api/v1/sessions/${check.session_id}/client-time`, body: { client_time: 4200.4 } },
  ]);
  const verdictCursor = await cursorOf('/api/v1/verifications');
  await run('readVerification', [{ path: `/api/v1/verifications/${check.session_id}` }]);
  await run('listVerifications', [
    {},
    { path: `/api/v1/verifications?cursor=${verdictCursor}&${period}` },
    { path: `/api/v1/verifications?model=10&cursor=${verdictCursor}&${period}` },
    { path: `/api/v1/verifications?verdict=live&cursor=${verdictCursor}&${period}` },
    { path: `/api/v1/verifications?model=10&verdict=fake` },
  ]);
  const video = () => formOf(['video_file', film()], ['metadata', '{"a":1}']);
  const detectPath = videoPath();
  await run('detectVideo', [
    { path: detectPath, body: video() },
    { path: detectPath, body: formOf(['video_url', 'https://films.example.com/x.mp4']) },
    { path: detectPath, body: video(), headers: once },
    { path: detectPath, body: video(), headers: once },
  ]);
  const [waits, runs, done, failed] = await submissionsInEachState();
  await run(
    'readVideoSubmission',
    [waits, runs, done, failed].map(({ id }) => ({ path: `${detectPath}/${id}` })),
  );
  await runFaceSearch({ run, lastAnswer: () => answers.at(-1)?.body, database });
  await runSessions({ run, database });
  await run('createToken', [{ body: {} }, { body: {}, headers: once }, { body: {}, headers: once }]);
  await run('createKey', [
    { body: { name: 'y' } },
    { body: { name: 'z' }, headers: once },
    { body: { name: 'z' }, headers: once },
  ]);
  await run('listKeys', [{}, { path: `/api/v1/keys?cursor=${keyCursor}` }]);
  await run('readKey', [{ path: `/api/v1/keys/${key.id}` }]);
  await run('updateKey', [{ path: `/api/v1/keys/${key.id}`, body: { name: 'w' } }]);
  await run('revokeKey', [{ path: `/api/v1/keys/${key.id}` }]);
  await run('listUsage', [
    {},
    { path: `/api/v1/usage?cursor=${keyCursor}&${period}` },
    { path: `/api/v1/usage?model=10&cursor=${keyCursor}&${period}` },
  ]);
  await run('readUsageSummary', [{}, { path: `/api/v1/usage/summary?${period}` }]);
  await run('readCredits', [{}]);
  await run('listCreditEntries', [{}, { path: `/api/v1/credits/entries?cursor=${keyCursor}` }]);
  await run('createHost', [{ body: { origin: 'https://c.example.com' } }]);
  await run('listHosts', [{}, { path: `/api/v1/hosts?cursor=${hostCursor}` }]);
  await run('readHost', [{ path: `/api/v1/hosts/${host.id}` }]);
  await run('updateHost', [{ path: `/api/v1/hosts/${host.id}`, body: { origin: 'https://d.example.com' } }]);
  await run('deleteHost', [{ path: `/api/v1/hosts/${host.id}` }]);

  // What no route reaches yet, or only on its way out.
  const services = createServices({ ...(env as unknown as GatewayEnv), DB: database }, () => undefined);
  await requireTenant(services, { kind: 'app' }, 'acme').catch(() => undefined);
  await forgetExpired({ DB: database });
  const usage = { id: crypto.randomUUID(), organisationId: 'nobody', apiKeyId: null, operation: 'x', sessionId: 'y' };
  const result = {
    model: 'm',
    verdict: 'live' as const,
    score: 1,
    credits: 1,
    framesProcessed: 1,
    processingMs: 1,
    createdAtMs: 1,
  };
  await chargeCheck(openDatabase(database), { ...usage, ...result }, crypto.randomUUID());
  await readBalance(openDatabase(database), 'nobody');
  const claim = { id: 'nothing', claimToken: 'nobody' };
  await renewClaim(openDatabase(database), claim, 1);
  await releaseVerification(openDatabase(database), claim);
  await findVerification(openDatabase(database), { organisationId: 'nobody', operation: 'x', sessionId: 'y' });
});

/** Made by the same statements that the jobs run. */
async function submissionsInEachState() {
  const db = openDatabase(database);
  const [waits, runs, done, failed] = [
    await storedSubmission({ createdAtMs: 1 }),
    await storedSubmission(),
    await storedSubmission(),
    await storedSubmission(),
  ] as const;
  await beginAttempt(db, runs.id, 1);
  await recordProgress(db, { id: runs.id, attempts: 1 }, { stage: 'analysing', done: 1, total: 10 }, 1);
  await giveFilmVerdict(done, { database });
  await failSubmission(db, failed.id, 'x', 1);
  await findSubmissionById(db, failed.id);
  await withdrawSubmission(db, (await storedSubmission()).id);
  return [waits, runs, done, failed] as const;
}

it('is reached', () => {
  expect([...reached].sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
});

it('is answered as its schema says, with nothing that the schema does not have', () => {
  for (const { operation, status, body } of answers) {
    expect([operation.id, status]).toEqual([operation.id, operation.success.status]);
    const { successSchema } = operation.shape ?? ENVELOPE;
    expect(successSchema(operation.success.data).parse(body)).toEqual(body);
  }
});

it('reads through an index in every query that a route makes', async () => {
  const distinct = new Map<string, RecordedQuery>(queries.map((query) => [query.sql, query]));
  expect(distinct.size).toBeGreaterThan(20);
  for (const { sql, parameters } of distinct.values()) {
    expect(await scansOf(sql, parameters), sql).toEqual([]);
  }
});

it('walks the index of what is open, which is small, in the hourly look for stalled videos', async () => {
  const hourly = recordQueries(env.DB);
  await takeStalled(openDatabase(hourly.database), { untouchedSinceMs: 0, nowMs: 1, most: 1 });
  // No organisation to search by, and an index by time would be written at every step of every job.
  const scans = await Promise.all(hourly.queries.map(({ sql, parameters }) => scansOf(sql, parameters)));
  expect(scans).toEqual([['SCAN submissions USING INDEX submissions_open']]);
});

it('would notice a scan', async () => {
  expect(await scansOf('SELECT * FROM api_keys WHERE name = ?', ['x'])).toEqual(['SCAN api_keys']);
});

/** Walking an index of one organisation is a SEARCH; any SCAN of a table or of a whole index is what must not be. */
async function scansOf(sql: string, parameters: unknown[]): Promise<string[]> {
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...parameters)
    .all<{ detail: string }>();
  return plan.results.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'));
}
