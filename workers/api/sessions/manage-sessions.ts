import { invalidField, notFound } from '#shared/contract/errors.ts';
import { presentSession } from '#shared/contract/present-session.ts';
import type { CreatedSession, CreateSessionBody, Session } from '#shared/contract/sessions.ts';
import { findSession, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { Actor, SessionReply } from '#shared/rpc/sessions.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { requireOwnSession } from './find-session-caller.ts';
import { refusedSession } from './session-refusals.ts';

interface Asked {
  caller: KeyCaller;
  client: Record<string, string>;
}

/** Who acts: a key of the organisation, or the person with the link. */
export function actorOf({ caller, client }: Asked): Actor {
  return { actor: caller.session === null ? `key:${caller.key.id}` : 'person', client };
}

export async function openSession(
  services: Services,
  asked: Asked & { id: string; origin: string; body: CreateSessionBody },
): Promise<CreatedSession> {
  const { caller, body, id, origin } = asked;
  const created = await services.sessions.create({
    ...body,
    id,
    origin,
    organisationId: caller.organisation.id,
    apiKeyId: caller.key.id,
    by: actorOf(asked),
  });
  if (!created.ok) throw refusedSession(created.refusal);
  const { token, verificationUrl, callbackSecret } = created.access;
  const session = presentFor(services, caller, created.session);
  return { ...session, verification_url: verificationUrl, token, callback_secret: callbackSecret };
}

export async function readSession(services: Services, caller: KeyCaller, sessionId: string): Promise<Session> {
  requireOwnSession(caller, sessionId);
  const row = caller.session ?? (await findSession(services.database, caller.organisation.id, sessionId));
  if (row === null) throw notFound('Session');
  return presentFor(services, caller, row);
}

export async function recordInSession(
  services: Services,
  asked: Asked & { sessionId: string; event: string; details: Record<string, unknown> | null },
): Promise<Session> {
  const { caller, sessionId, event, details } = asked;
  requireOwnSession(caller, sessionId);
  // Whoever has but the link has no attestation to use again.
  if (caller.session !== null && event === 'attestation_reused') {
    throw invalidField('event', 'event must not be what only the organisation does');
  }
  const organisationId = caller.organisation.id;
  const reply = await services.sessions.record({ organisationId, sessionId, event, details, by: actorOf(asked) });
  return presentReply(services, caller, reply);
}

export async function cancelSession(services: Services, asked: Asked & { sessionId: string }): Promise<Session> {
  const { caller, sessionId } = asked;
  const organisationId = caller.organisation.id;
  const reply = await services.sessions.cancel({ organisationId, sessionId, by: actorOf(asked) });
  return presentReply(services, caller, reply);
}

function presentReply(services: Services, caller: KeyCaller, reply: SessionReply): Session {
  if (!reply.ok) throw refusedSession(reply.refusal);
  return presentFor(services, caller, reply.session);
}

export function presentFor(services: Services, caller: KeyCaller, row: VerificationSessionRow): Session {
  const { organisation, session } = caller;
  return presentSession(row, { organisation, hasOnlyLink: session !== null, nowMs: services.nowMs() });
}
