import { listOverdueSessions } from '#shared/db/verification-sessions.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { tendSigningKeys } from './attestations/tend-signing-keys.ts';
import { sessionObject } from './session/session-objects.ts';
import { createSessionServices, type SessionServices, type SessionsEnv } from './sessions-env.ts';
import { sweepWebhooks } from './webhooks/sweep-webhooks.ts';
import { createWebhookServices } from './webhooks/webhook-services.ts';

const MOST_OVERDUE = 100;
/** Longer than an alarm is late. */
const OVERDUE_AFTER_MS = 60_000;

/** Every few minutes, what should have happened by itself; each whatever becomes of the other. */
export async function tendSessions(env: SessionsEnv): Promise<void> {
  const services = createSessionServices(env);
  const done = await Promise.allSettled([
    tendSigningKeys(services),
    sweepWebhooks(createWebhookServices(env)),
    endOverdueSessions(env, services),
  ]);
  const failed = done.filter((result) => result.status === 'rejected');
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      'not everything was tended',
    );
}

/** Each by its object, as its alarm would have done it. One that cannot be ended keeps no other from its end. */
export async function endOverdueSessions(env: SessionsEnv, services: SessionServices): Promise<void> {
  const overdue = await listOverdueSessions(services.database, services.nowMs() - OVERDUE_AFTER_MS, MOST_OVERDUE);
  for (const sessionId of overdue) {
    await sessionObject(env.VERIFICATION_SESSION, sessionId).expire(sessionId).catch(notEnded);
  }
}

function notEnded(error: unknown): void {
  console.error(JSON.stringify({ level: 'error', event: 'session_not_ended', reason: reasonOf(error) }));
}
