import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import { callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';

export const ACTION = 'Transfer 2,400 euros to Ana Ruiz';

/** As an integrator makes it. */
export function createSession(members: Record<string, unknown> = {}, key = ACME): Promise<CreatedSession> {
  const body = { action_description: ACTION, ...members };
  return callData('/api/v1/sessions', { method: 'POST', key, body });
}

export function readSession(sessionId: string, key = ACME): Promise<Session> {
  return callData<Session>(`/api/v1/sessions/${sessionId}`, { key });
}

/** What the person's page tells. */
export function record({ token, session_id }: CreatedSession, event: string) {
  return callJson(`/api/v1/sessions/${session_id}/audit`, { method: 'PATCH', key: token, body: { event } });
}

interface Attempt {
  attempt?: number;
  verdict?: 'live' | 'fake';
  what?: string;
  members?: Record<string, unknown>;
}

/** The person's attempt, in front of an inference Worker that says what it is told to. */
export function makeAttempt(
  session: Pick<CreatedSession, 'session_id' | 'token'>,
  { attempt = 1, verdict = 'live', what = `try ${attempt}`, members = {} }: Attempt = {},
) {
  const judge = async () => ({
    ok: true as const,
    judgement: { ...JUDGEMENT, realScore: verdict === 'live' ? 0.95 : 0.05 },
  });
  const inference = stubInference({ judge });
  const body = { session_id: session.session_id, attempt, source: 'live', crops: crops(10, what), ...members };
  return postCheck(body, { key: session.token, inference }, PATHS.crops);
}

/** Its time is over, and its alarm has rung. */
export async function makeExpired({ session_id: id }: Pick<CreatedSession, 'session_id'>): Promise<void> {
  const sql = 'UPDATE verification_sessions SET expires_at_ms = ? WHERE id = ?';
  await env.DB.prepare(sql).bind(Date.now(), id).run();
  await runDurableObjectAlarm(env.VERIFICATION_SESSION.getByName(id));
}

export interface Trail {
  entries: {
    sequence: number;
    at: string;
    actor: string;
    action: string;
    details: Record<string, unknown> | null;
    client: Record<string, string> | null;
    previous_hash: string;
    hash: string;
  }[];
}

export function readTrail({ session_id: id }: Pick<CreatedSession, 'session_id'>): Promise<Trail> {
  return callData<Trail>(`/api/v1/sessions/${id}/audit`, { key: ACME });
}

/** A check whose verdict is given and stored, and of which the session never hears: the gateway dies in between. */
export function makeUntoldAttempt(session: Pick<CreatedSession, 'session_id' | 'token'>) {
  const deaf = {
    openToken: (token: string) => env.SESSIONS.openToken(token),
    admit: (request: Parameters<typeof env.SESSIONS.admit>[0]) => env.SESSIONS.admit(request),
    settle: async () => ({ ok: false, refusal: { reason: 'unavailable' } }) as const,
  };
  const body = { session_id: session.session_id, crops: crops(10) };
  const bindings = { INFERENCE: stubInference().service, SESSIONS: deaf as never };
  return callJson(PATHS.crops, { method: 'POST', key: session.token, body, env: bindings });
}
