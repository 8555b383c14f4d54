import { listOverdueSessions } from '#shared/db/verification-sessions.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { tendSigningKeys } from './attestations/tend-signing-keys.ts';
import { expireSession } from './session/expire-session.ts';
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
    endOverdueSessions(services),
  ]);
  const failed = done.filter((result) => result.status === 'rejected');
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      'not everything was tended',
    );
}

export async function endOverdueSessions(services: SessionServices): Promise<void> {
  const overdue = await listOverdueSessions(services.database, services.nowMs() - OVERDUE_AFTER_MS, MOST_OVERDUE);
  for (const sessionId of overdue) {
    const reply = await expireSession(services, sessionId);
    if (reply.ok) await announceEvents(services, reply.session.organisationId);
  }
}
