import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '#shared/contract/hosts.ts';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { chargeCheck } from '#shared/db/credits.ts';
import { openDatabase } from '#shared/db/database.ts';
import { enrol, faceData, newCollection, pictures } from '#shared/testing/call-faces.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { checkBody, crops, frames, postCheck } from '#shared/testing/post-check.ts';
import { film, formOf, recordingQueue, storedSubmission, traces } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { stubbedFrameSessions } from '#shared/testing/stubbed-frame-sessions.ts';
import { OPERATIONS } from './operations.ts';

const OWNER = 'sk-local-acme';
const STRANGER = 'sk-local-globex';
/** In everything that the owner has, so that any trace of it in a stranger's answer shows. */
const MARK = 'acme-only-7f3a';

interface Attempt {
  path?: Record<string, string>;
  body?: unknown;
  /** What it asks for is named in its body. */
  isRefused?: boolean;
}

const attempts: Record<string, Attempt> = {};
let ownedBefore: string;
/** Has none of the scopes that the operations under test need, but for one. */
let usageReader: string;

async function ownedByAcme(): Promise<string> {
  const tables = [
    'api_keys',
    'allowed_hosts',
    'credit_entries',
    'usage_events',
    'verifications',
    'submissions',
    'face_collections',
    'face_persons',
    'verification_sessions',
    'session_events',
    'user_templates',
    'webhooks',
    'webhook_events',
    'webhook_deliveries',
  ];
  const columns =
    "SELECT * FROM $ WHERE organisation_id = (SELECT id FROM organisations WHERE slug = 'acme') ORDER BY id";
  const dumps = tables.map(async (table) => (await env.DB.prepare(columns.replace('$', table)).all()).results);
  // When a key was last used is not a change of it.
  return JSON.stringify(await Promise.all(dumps)).replaceAll(/"last_used_at_ms":\w+/g, '');
}

beforeAll(async () => {
  await seedDatabase();
  const key = await callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: OWNER, body: { name: MARK } });
  const origin = `https://${MARK}.example.com`;
  const host = await callData<Host>('/api/v1/hosts', { method: 'POST', key: OWNER, body: { origin } });
  const organisationId =
    (await env.DB.prepare(`SELECT id FROM organisations WHERE slug = 'acme'`).first<string>('id')) ?? '';
  const usage = { id: crypto.randomUUID(), organisationId, apiKeyId: key.id, operation: 'fastCheck', sessionId: MARK };
  const result = {
    model: 'mixed-10-v2',
    verdict: 'live' as const,
    score: 90,
    credits: 1,
    framesProcessed: 10,
    processingMs: 1,
  };
  await chargeCheck(openDatabase(env.DB), { ...usage, ...result, createdAtMs: Date.now() }, crypto.randomUUID());

  const check = checkBody({ metadata: { note: MARK }, warnings: [MARK] });
  const onlyOwners = checkBody({ metadata: { note: MARK } });
  await postCheck(check, { key: OWNER });
  await postCheck(onlyOwners, { key: OWNER });
  const reader = { name: 'reads usage', scopes: ['usage:read'] };
  usageReader = (await callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: OWNER, body: reader })).key;

  const submission = await storedSubmission({ metadata: { note: MARK }, objectKey: `videos/${MARK}` });
  const { frames: _, ...members } = checkBody();
  const uploaded = checkBody({ metadata: { note: MARK }, warnings: [MARK] });
  const collectionId = await newCollection(MARK);
  const personId = await enrol(collectionId, MARK, pictures('ann 1', 'ann 2'));
  const { thumbnails } = await faceData<{ thumbnails: { id: string }[] }>(`/persons/${personId}`);
  const probe = { images: pictures('ann 9'), min_score: 0.2, search_mode: 'ACCURATE' };
  const [onCollection, onPerson] = [{ path: { collection_id: collectionId } }, { path: { person_id: personId } }];
  Object.assign(attempts, {
    createToken: { body: {} },
    // Of all that the stranger has, which is nothing.
    searchFaces: { body: probe },
    searchFaceCrops: { body: { ...probe, min_score: 0.5 } },
    searchLiveFaces: { body: probe },
    verifyFace: { body: { images: pictures('ann 9'), person_id: personId }, isRefused: true },
    detectFaces: { body: { images: pictures('ann 1') } },
    createCollection: { body: { name: 'mine' } },
    listCollections: {},
    readCollection: onCollection,
    updateCollection: { ...onCollection, body: { name: 'stolen' } },
    deleteCollection: onCollection,
    createPerson: { body: { name: 'mine', images: pictures('ann 3'), collection_id: collectionId }, isRefused: true },
    listPersons: {},
    readPerson: onPerson,
    updatePerson: { ...onPerson, body: { name: 'stolen' } },
    addPersonFaces: { ...onPerson, body: { images: pictures('ann 3') } },
    removePersonFace: { path: { person_id: personId, face_id: thumbnails[0]?.id ?? '' } },
    deletePerson: onPerson,
  } satisfies Record<string, Attempt>);
  const confirmed = await callData<{ session_id: string }>('/api/v1/sessions', {
    method: 'POST',
    key: OWNER,
    body: { action_description: MARK, user_identifier: MARK, metadata: { note: MARK } },
  });
  await env.DB.prepare(
    `INSERT INTO user_templates (id, organisation_id, user_identifier, session_id, sealed, created_at_ms)
     VALUES (?, ?, ?, ?, 'x', 0)`,
  )
    .bind(crypto.randomUUID(), organisationId, MARK, confirmed.session_id)
    .run();
  const endpoint = { url: `https://${MARK}.example.com/hook`, description: MARK };
  const webhook = await callData<{ id: string }>('/api/v1/webhooks', { method: 'POST', key: OWNER, body: endpoint });
  await callData(`/api/v1/webhooks/${webhook.id}/test`, { method: 'POST', key: OWNER });
  const deliveries = await callData<{ items: { id: string }[] }>('/api/v1/webhooks/deliveries', { key: OWNER });
  const onSession = { path: { session_id: confirmed.session_id } };
  const [onUser, onWebhook] = [{ path: { user_identifier: MARK } }, { path: { webhook_id: webhook.id } }];
  const onDelivery = { path: { delivery_id: deliveries.items[0]?.id ?? '' } };
  Object.assign(attempts, {
    createSession: { body: { action_description: 'mine', user_identifier: 'mine' } },
    listSessions: {},
    readSession: onSession,
    cancelSession: onSession,
    recordSessionAudit: { ...onSession, body: { event: 'page_opened' } },
    readSessionAudit: onSession,
    readUser: onUser,
    forgetUser: onUser,
    createWebhook: { body: { url: 'https://stranger.example.com/hook' } },
    listWebhooks: {},
    readWebhook: onWebhook,
    updateWebhook: { ...onWebhook, body: { description: 'stolen' } },
    deleteWebhook: onWebhook,
    rotateWebhookSecret: onWebhook,
    testWebhook: onWebhook,
    listWebhookDeliveries: {},
    readWebhookDelivery: onDelivery,
    resendWebhookDelivery: onDelivery,
  } satisfies Record<string, Attempt>);
  const hybrid = { session_id: check.session_id, fps: 30, frames: frames(50) };
  Object.assign(attempts, {
    listModels: {},
    // The owner's session id is free to others: it is another check of another organisation.
    fastCheck: { body: checkBody({ session_id: check.session_id }) },
    fastCheckCrops: { body: { ...members, session_id: check.session_id, crops: crops(10) } },
    fastCheckStream: { body: { ...members, session_id: check.session_id, frame: frames(1)[0] } },
    uploadFrames: { body: checkBody({ session_id: uploaded.session_id }) },
    v2FastCheck: { body: { session_id: uploaded.session_id, model: '10' } },
    v2LiveCheck: { body: { session_id: uploaded.session_id, model: '10' } },
    liveCheck: { body: checkBody({ session_id: check.session_id }) },
    verify: { body: checkBody({ session_id: check.session_id, frames: frames(50) }) },
    hybridCheck: { body: hybrid },
    hybrid50: { body: hybrid },
    hybrid150: { body: { ...hybrid, frames: frames(150) } },
    readResult: { path: { id: onlyOwners.session_id } },
    waitForResult: { path: { id: onlyOwners.session_id } },
    readQueueStats: {},
    recordClientTime: { path: { session_id: onlyOwners.session_id }, body: { client_time: 1 } },
    readVerification: { path: { session_id: onlyOwners.session_id } },
    listVerifications: {},
    detectVideo: { body: formOf(['video_file', film()], ['metadata', '{"channel":"web"}']) },
    readVideoSubmission: { path: { submission_id: submission.id } },
    createKey: { body: { name: 'mine' } },
    listKeys: {},
    readKey: { path: { key_id: key.id } },
    updateKey: { path: { key_id: key.id }, body: { name: 'stolen' } },
    revokeKey: { path: { key_id: key.id } },
    listUsage: {},
    readUsageSummary: {},
    readCredits: {},
    listCreditEntries: {},
    createHost: { body: { origin: 'https://stranger.example.com' } },
    listHosts: {},
    readHost: { path: { host_id: host.id } },
    updateHost: { path: { host_id: host.id }, body: { origin: 'https://stolen.example.com' } },
    deleteHost: { path: { host_id: host.id } },
  } satisfies Record<string, Attempt>);
  ownedBefore = await ownedByAcme();
});

// One row per operation of the gateway: a route that nobody has put into the table above fails here.
describe.each(OPERATIONS.filter(({ access }) => access !== 'public'))(
  '$id with the key of another organisation',
  (operation) => {
    it('shows and changes nothing of the owner', async () => {
      const attempt = attempts[operation.id];
      if (!attempt) throw new Error(`no attempt on ${operation.id}: add one`);
      const path = operation.path.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => ({ tenant_slug: 'globex', ...attempt.path })[name] ?? '',
      );
      const { service: inference } = stubInference();
      const options = {
        method: operation.method,
        key: STRANGER,
        env: {
          INFERENCE: inference,
          FACES: stubFaces().service,
          FRAME_SESSION: stubbedFrameSessions(inference),
          VIDEO_JOBS: recordingQueue().queue,
        },
        ...(attempt.body !== undefined && { body: attempt.body }),
      };
      const { response, body } = await callJson(path, options);
      expect(JSON.stringify(body)).not.toContain(MARK);
      expect(response.status).toBe(attempt.path || attempt.isRefused ? 404 : operation.success.status);
      expect(await ownedByAcme()).toBe(ownedBefore);
    });

    it('needs a key, and its scope', async () => {
      const path = operation.path.replaceAll(/\{\w+\}/g, crypto.randomUUID());
      const without = await call(path, { method: operation.method });
      expect(without.status).toBe(401);
      if (operation.scope === undefined) return;
      const key = operation.scope === 'detection:read' ? usageReader : 'sk-local-acme-read';
      const { response, body } = await callJson(path, { method: operation.method, key });
      const message = `API key lacks required scope: ${operation.scope}`;
      expect([response.status, body.message]).toEqual([403, message]);
      if (operation.shape === undefined) expect(body.required_scope).toBe(operation.scope);
    });
  },
);

describe.each(OPERATIONS.filter(({ tenantScoped }) => tenantScoped))('$id under the path of a tenant', (operation) => {
  it.each([
    ['another organisation', 'acme', 403, 'tenant_mismatch'],
    ['nobody', 'nobody', 404, 'tenant_not_found'],
    ['itself, in capitals', 'GLOBEX', 404, 'tenant_not_found'],
  ])('that is %s is closed, and nothing is taken in', async (_whose, slug, status, code) => {
    const attempt = attempts[operation.id];
    const path = operation.path.replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => ({ tenant_slug: slug, ...attempt?.path })[name] ?? '',
    );
    const recorder = recordingQueue();
    const before = await traces();
    const { response, body } = await callJson(path, {
      method: operation.method,
      key: STRANGER,
      env: { VIDEO_JOBS: recorder.queue },
      ...(attempt?.body !== undefined && { body: attempt.body }),
    });
    expect([response.status, response.headers.get('x-error-code'), body.data]).toEqual([status, code, null]);
    expect([await traces(), recorder.sent]).toEqual([before, []]);
    expect(await ownedByAcme()).toBe(ownedBefore);
  });
});
