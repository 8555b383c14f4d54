import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { NewSession, Reply, SessionAccess } from '#shared/rpc/sessions.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { readTokenSecret } from '../read-token-secret.ts';
import type { SessionServices, SessionsEnv } from '../sessions-env.ts';
import { problemOfTarget, readAllowsLocal } from '../webhooks/local-targets.ts';
import { accessTo } from './access-to-session.ts';
import { createSession } from './create-session.ts';
import { sessionObject } from './session-objects.ts';

/** A session that is written down, ends in time, and can be opened. */
export async function openSession(
  env: SessionsEnv,
  services: SessionServices,
  later: (work: Promise<unknown>) => void,
  asked: NewSession,
): Promise<Reply<{ session: VerificationSessionRow; access: SessionAccess }>> {
  const { callback_url: callbackUrl } = asked;
  const problem = callbackUrl === undefined ? null : problemOfTarget(callbackUrl, readAllowsLocal(env));
  if (problem !== null) return { ok: false, refusal: { reason: 'callback_refused', problem } };
  // What it cannot be opened without. Found out afterwards, a session would be left that nobody has a link to.
  readTokenSecret(env);
  const session = await createSession(services, asked);
  await sessionObject(env.VERIFICATION_SESSION, session.id).watch(session);
  later(announceEvents(services, session.organisationId));
  return { ok: true, session, access: await accessTo(session, env) };
}
