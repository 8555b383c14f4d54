import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { NewSession, SessionAccess } from '#shared/rpc/sessions.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import type { SessionServices, SessionsEnv } from '../sessions-env.ts';
import { accessTo } from './access-to-session.ts';
import { createSession } from './create-session.ts';
import { sessionObject } from './session-objects.ts';

/** A session that is written down, ends in time, and can be opened. */
export async function openSession(
  env: SessionsEnv,
  services: SessionServices,
  later: (work: Promise<unknown>) => void,
  asked: NewSession,
): Promise<{ session: VerificationSessionRow; access: SessionAccess }> {
  const session = await createSession(services, asked);
  await sessionObject(env.VERIFICATION_SESSION, session.id).watch(session);
  later(announceEvents(services, session.organisationId));
  return { session, access: await accessTo(session, env) };
}
