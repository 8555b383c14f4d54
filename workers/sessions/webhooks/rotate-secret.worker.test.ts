import { beforeAll, beforeEach, expect, it } from 'vitest';
import { findWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { rotateSecret } from './manage-webhooks.ts';
import { clearWebhooks, db, endpoint, happen, NOON_MS, verify, webhookBench } from './testing/webhook-bench.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

async function rotating() {
  const { services, consume, consumeSent, received, clock } = webhookBench();
  const hook = await endpoint(services);
  const { organisationId, id: webhookId } = hook;
  const rotate = async () => {
    const reply = await rotateSecret(services, { organisationId, webhookId });
    if (!reply.ok) throw new Error('refused');
    return reply.secret;
  };
  /** Which of these secrets a message is signed with that is sent now. */
  const signers = async (secrets: Record<string, string>) => {
    await happen();
    await consume([dispatchJob(organisationId)]);
    await consumeSent();
    const message = received.at(-1);
    if (message === undefined) throw new Error('nothing arrived');
    const signatures = message.headers['webhook-signature']?.split(' ').length;
    const names = Object.keys(secrets).filter((name) => isSignedWith(secrets[name] ?? '', message, clock.nowMs));
    return { signatures, names };
  };
  const untilMs = async () => (await findWebhook(db, organisationId, webhookId))?.previousSecretUntilMs;
  return { first: hook.secret, rotate, signers, untilMs, clock };
}

function isSignedWith(...asked: Parameters<typeof verify>): boolean {
  try {
    return verify(...asked) !== null;
  } catch {
    return false;
  }
}

it('a new secret signs at once, and for a day the one before signs, too', async () => {
  const { first, rotate, signers, untilMs, clock } = await rotating();
  const second = await rotate();
  expect(await untilMs()).toBe(NOON_MS + DAY_MS);
  expect(await signers({ first, second })).toEqual({ signatures: 2, names: ['first', 'second'] });
  clock.nowMs = NOON_MS + DAY_MS;
  expect((await signers({ first, second })).signatures).toBe(1);
});

it('rotated again within the day, the secret that receivers know still signs, and no longer than its day', async () => {
  const { first, rotate, signers, untilMs, clock } = await rotating();
  const lost = await rotate();
  clock.nowMs += 1000;
  const third = await rotate();
  expect(await signers({ first, lost, third })).toEqual({ signatures: 2, names: ['first', 'third'] });
  expect(await untilMs()).toBe(NOON_MS + DAY_MS);
});

it('rotated again after the day, the one before is the one that was in force', async () => {
  const { first, rotate, untilMs, signers, clock } = await rotating();
  const second = await rotate();
  clock.nowMs = NOON_MS + DAY_MS;
  const third = await rotate();
  expect(await untilMs()).toBe(NOON_MS + 2 * DAY_MS);
  clock.nowMs = NOON_MS + DAY_MS + 60_000;
  expect(await signers({ first, second, third })).toEqual({ signatures: 2, names: ['second', 'third'] });
});
