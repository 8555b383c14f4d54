import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { openDatabase } from '#shared/db/database.ts';
import { findOrganisationBySlug } from '#shared/db/organisations.ts';
import { dispatchJob, type WebhookJob } from '#shared/jobs/webhook-job.ts';
import { postPublic } from '#shared/public-fetch/post-public.ts';
import { resolvingTo } from '#shared/public-fetch/testing/public-fetch-fixtures.ts';
import { type NewWebhookEvent, webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { consumeWebhookJobs } from '../consume-webhook-jobs.ts';
import { createWebhook } from '../manage-webhooks.ts';
import type { LogEntry, WebhookServices } from '../webhook-services.ts';

export const WEBHOOK_QUEUE = 'edge-liveness-webhooks';
export const HOOK = 'https://hooks.example.com/in?key=in-the-url';
export const NOON_MS = Date.UTC(2026, 2, 27, 12);
export const db = openDatabase(env.DB);

/** What the platform says of a batch. */
const QUEUE_TAKES = { messages: 100, bytes: 256_000 };
const SENT = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };

export interface Received {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface BenchOptions {
  /** Of the network: every name leads to a public address, but for those given. */
  addresses?: Record<string, string[]>;
  /** In place of a receiver that is content. */
  answer?: (received: Received) => Response | Promise<Response>;
}

/** Real database and rules of the network; the clock, the queue and the receiver are the test's. */
export function webhookBench({ addresses, answer = () => new Response('thanks') }: BenchOptions = {}) {
  const clock = { nowMs: NOON_MS };
  const sent: { job: WebhookJob; delaySeconds: number }[] = [];
  /** How many messages each call of the queue took. */
  const calls: number[] = [];
  const received: Received[] = [];
  const logged: LogEntry[] = [];
  const receiver = { answer };
  const ports = {
    resolveHost: resolvingTo(addresses),
    fetch: async (url: string, init: RequestInit) => {
      const request = new Request(url, init);
      const message = { url, headers: Object.fromEntries(request.headers), body: await request.text() };
      received.push(message);
      return await receiver.answer(message);
    },
  };
  const services: WebhookServices = {
    database: db,
    webhookJobs: {
      send: async (job, { delaySeconds = 0 } = {}) => {
        calls.push(1);
        sent.push({ job, delaySeconds });
        return SENT;
      },
      sendBatch: async (requests, { delaySeconds: forAll = 0 } = {}) => {
        const batch = [...requests];
        const bytes = batch.reduce((sum, { body }) => sum + JSON.stringify(body).length, 0);
        if (batch.length < 1 || batch.length > QUEUE_TAKES.messages || bytes > QUEUE_TAKES.bytes) {
          throw new Error(`the queue does not take ${batch.length} messages of ${bytes} bytes`);
        }
        calls.push(batch.length);
        sent.push(...batch.map(({ body, delaySeconds = forAll }) => ({ job: body, delaySeconds })));
        return SENT;
      },
    },
    post: (url, post, limits) => postPublic(url, post, limits, ports),
    dataKey: 'the key of this test',
    allowsLocal: false,
    nowMs: () => clock.nowMs,
    newId: () => crypto.randomUUID(),
    random: () => 0,
    log: (entry) => void logged.push(entry),
  };

  async function consume(jobs: unknown[], queue = WEBHOOK_QUEUE) {
    const messages = jobs.map((body, i) => ({ id: `m${i}`, timestamp: new Date(), attempts: 1, body }));
    const batch = createMessageBatch(queue, messages);
    // The result of a queue does not tell how long a message is to wait.
    const retryDelays: (number | undefined)[] = [];
    const watched = batch.messages.map((message) => ({
      ...message,
      id: message.id,
      timestamp: message.timestamp,
      attempts: message.attempts,
      body: message.body,
      ack: () => message.ack(),
      retry: (options?: QueueRetryOptions) => {
        retryDelays.push(options?.delaySeconds);
        message.retry(options);
      },
    }));
    await consumeWebhookJobs({ queue, messages: watched }, services);
    const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
    return { explicitAcks, retryDelays };
  }

  /** Takes what lies in the queue, once, when its time has come. */
  async function consumeSent() {
    const taken = sent.splice(0);
    clock.nowMs += 1000 * Math.max(0, ...taken.map(({ delaySeconds }) => delaySeconds));
    return await consume(taken.map(({ job }) => job));
  }

  return { services, clock, sent, calls, received, logged, receiver, consume, consumeSent };
}

export type Bench = ReturnType<typeof webhookBench>;

export async function organisationId(slug = 'acme'): Promise<string> {
  const organisation = await findOrganisationBySlug(db, slug);
  if (organisation === null) throw new Error(`there is no ${slug}`);
  return organisation.id;
}

export async function endpoint(services: WebhookServices, { url = HOOK, events = [] as string[], slug = 'acme' } = {}) {
  const creation = { id: crypto.randomUUID(), claimedUntilMs: null };
  const asked = { creation, organisationId: await organisationId(slug), url, events, description: null };
  const reply = await createWebhook(services, asked);
  if (!reply.ok) throw new Error(`refused: ${reply.refusal.reason}`);
  return { ...reply.webhook, secret: reply.secret };
}

export async function happen(members: Partial<NewWebhookEvent> = {}): Promise<NewWebhookEvent> {
  const event: NewWebhookEvent = {
    id: crypto.randomUUID(),
    organisationId: await organisationId(),
    event: 'session.completed',
    sessionId: crypto.randomUUID(),
    data: { state: 'completed' },
    createdAtMs: NOON_MS,
    ...members,
  };
  await webhookEventStatement(db, event);
  return event;
}

export async function rows(table: 'webhooks' | 'webhook_events' | 'webhook_deliveries' | 'webhook_attempts') {
  return (await env.DB.prepare(`SELECT * FROM ${table} ORDER BY id`).all()).results;
}

export async function clearWebhooks(): Promise<void> {
  await env.DB.batch([env.DB.prepare('DELETE FROM webhook_events'), env.DB.prepare('DELETE FROM webhooks')]);
}

/** One event, one endpoint, and its delivery in the queue. */
export async function onItsWay(options?: BenchOptions) {
  const bench = webhookBench(options);
  const hook = await endpoint(bench.services);
  const event = await happen();
  await bench.consume([dispatchJob(event.organisationId)]);
  return { ...bench, hook, event };
}

export async function onlyDelivery() {
  const [delivery, ...others] = await rows('webhook_deliveries');
  if (others.length > 0) throw new Error(`there are ${others.length + 1} deliveries`);
  return delivery;
}

/** What a receiver reads out of a message; throws where the signature is none of this secret's. */
export function verify(secret: string, { body, headers }: Received, nowMs = NOON_MS): unknown {
  // The library looks at the real clock, and at nothing else that is the test's.
  const now = Date.now;
  Date.now = () => nowMs;
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    Date.now = now;
  }
}
