import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { clearWebhooks, onItsWay, onlyDelivery, webhookBench } from './testing/webhook-bench.ts';

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

describe('a delivery that two messages ask for', () => {
  it('is made once, also at the same time', async () => {
    const arrived = Promise.withResolvers<void>();
    const { consume, received, sent } = await onItsWay({
      answer: async () => {
        await arrived.promise;
        return new Response('ok');
      },
    });
    const { job } = sent.splice(0)[0] ?? {};
    const both = Promise.all([consume([job]), consume([job])]);
    setTimeout(arrived.resolve, 300);
    const results = await both;
    expect(received).toHaveLength(1);
    // The one that lost looks again later, in case the other dies.
    expect(results.flatMap(({ explicitAcks }) => explicitAcks)).toEqual(['m0']);
    expect(results.flatMap(({ retryDelays }) => retryDelays)).toEqual([60]);
    expect(await consume([job])).toEqual({ explicitAcks: ['m0'], retryDelays: [] });
    expect(received).toHaveLength(1);
  });

  it('is not made before its time', async () => {
    const { consume, consumeSent, received, sent, clock } = await onItsWay({
      answer: () => new Response('', { status: 500 }),
    });
    await consumeSent();
    const { job } = sent.splice(0)[0] ?? {};
    expect(await consume([job])).toMatchObject({ retryDelays: [5] });
    expect(received).toHaveLength(1);
    clock.nowMs += 5000;
    await consume([job]);
    clock.nowMs += 60_000;
    await consume([job]);
    // The next one is minutes away, and has a message of its own.
    expect(await consume([job])).toMatchObject({ explicitAcks: ['m0'] });
    expect(received).toHaveLength(3);
  });

  it('is made by another when the first died over it', async () => {
    const { consume, received, sent, clock, receiver } = await onItsWay({
      answer: () => Promise.reject(new Error('the Worker dies')),
    });
    const { services } = webhookBench();
    const { job } = sent.splice(0)[0] ?? {};
    const never = { ...services, post: () => new Promise<never>(() => undefined) };
    if (job?.kind !== 'deliver') throw new Error('no delivery');
    void deliverWebhook(never, job.deliveryId);
    while ((await onlyDelivery())?.attempts !== 1) await scheduler.wait(5);
    receiver.answer = () => new Response('ok');
    expect(await consume([job])).toMatchObject({ retryDelays: [60] });
    clock.nowMs += 60_000;
    await consume([job]);
    expect(received).toHaveLength(1);
    expect(await onlyDelivery()).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});
