import { beforeAll, expect, it } from 'vitest';
import type { CallOptions } from '#shared/testing/call-gateway.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { createSession } from './session/testing/run-session.ts';

beforeAll(seedDatabase);

const gone = async () => {
  throw new Error('Network connection lost.');
};
const nobody = new Proxy({}, { get: () => gone });
const env = { SESSIONS: nobody, WEBHOOKS: nobody, INFERENCE: stubInference().service } as unknown as NonNullable<
  CallOptions['env']
>;

it('while its Worker cannot be reached, everything about a session is refused as unavailable, and nothing is let through', async () => {
  const { session_id: id, token } = await createSession();
  const path = `/api/v1/sessions/${id}`;
  const asked: [string, CallOptions][] = [
    ['/api/v1/sessions', { method: 'POST', key: ACME, body: { action_description: 'x' } }],
    [`${path}/cancel`, { method: 'POST', key: ACME }],
    [`${path}/audit`, { method: 'PATCH', key: ACME, body: { event: 'x' } }],
    [path, { key: token }],
    [PATHS.crops, { method: 'POST', key: token, body: { session_id: id, crops: crops(10) } }],
    ['/api/v1/webhooks', { method: 'POST', key: ACME, body: { url: 'https://example.com/' } }],
  ];
  for (const [where, options] of asked) {
    const { response } = await callJson(where, { ...options, env });
    expect([where, response.status, response.headers.get('x-error-code')]).toEqual([where, 503, 'service_unavailable']);
  }
});
