import { presentSession } from '#shared/contract/present-session.ts';
import { CreateSessionBody, type Session } from '#shared/contract/sessions.ts';
import { findOrganisation } from '#shared/db/organisations.ts';
import { findReusableSession, findSession, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { McpCaller } from '#shared/rpc/mcp.ts';
import type { SessionRefusal } from '#shared/rpc/sessions.ts';
import { openSession } from '../session/open-session.ts';
import { sessionObject } from '../session/session-objects.ts';
import { createSessionServices, type SessionsEnv } from '../sessions-env.ts';
import type { NewVerification, ReusableVerification, SessionPort } from './session-port.ts';

/** The sessions of one caller's organisation, from within. */
export function workerSessionPort(
  env: SessionsEnv,
  context: Pick<DurableObjectState, 'waitUntil'>,
  caller: McpCaller,
): SessionPort {
  const services = createSessionServices(env);
  const { organisationId, apiKeyId, origin, client } = caller;
  const by = { actor: `key:${apiKeyId}`, client: { ...client, via: 'mcp' } };
  const revisions = new Map<string, number>();

  async function present(row: VerificationSessionRow): Promise<Session> {
    revisions.set(row.id, row.revision);
    const organisation = await findOrganisation(services.database, organisationId);
    if (organisation === null) throw new Error('the organisation is gone');
    return presentSession(row, { organisation, hasOnlyLink: false, nowMs: services.nowMs() });
  }

  return {
    async create(input: NewVerification) {
      const asked = { ...CreateSessionBody.parse(input), id: services.newId(), organisationId, apiKeyId, origin, by };
      const opened = await openSession(env, services, (work) => context.waitUntil(work), asked);
      if (!opened.ok) return { ok: false, message: messageOf(opened.refusal) };
      const { session, access } = opened;
      const { token, verificationUrl: verification_url, callbackSecret: callback_secret } = access;
      return { ok: true, session: { ...(await present(session)), token, verification_url, callback_secret } };
    },

    async read(sessionId) {
      const row = await findSession(services.database, organisationId, sessionId.toLowerCase());
      return row === null ? null : present(row);
    },

    async waitForChange({ session_id: sessionId }, timeoutMs) {
      const known = revisions.get(sessionId) ?? 0;
      const row = await sessionObject(env.VERIFICATION_SESSION, sessionId).waitForChange(sessionId, known, timeoutMs);
      return row === null || row.organisationId !== organisationId ? null : present(row);
    },

    async findReusable(wanted: ReusableVerification) {
      const nowMs = services.nowMs();
      const row = await findReusableSession(services.database, {
        organisationId,
        userIdentifier: wanted.user_identifier,
        riskLevel: wanted.risk_level,
        leastFrames: wanted.frame_count,
        endedAfterMs: nowMs - wanted.within_seconds * 1000,
        nowMs,
      });
      if (row === null) return null;
      // For which action a proof served is part of its story.
      const told = {
        id: services.newId(),
        action: 'attestation_reused',
        details: { action_description: wanted.action_description },
      };
      const command = { kind: 'record', event: told.action } as const;
      const reply = await sessionObject(env.VERIFICATION_SESSION, row.id).change({
        sessionId: row.id,
        command,
        by,
        told,
      });
      return reply.ok ? present(reply.session) : null;
    },
  };
}

function messageOf(refusal: SessionRefusal): string {
  return refusal.reason === 'callback_refused' ? `callback_url ${refusal.problem}` : refusal.reason;
}
