import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { videoJob } from '#shared/jobs/video-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { consumeJobs } from './consume-jobs.ts';
import video from './index.ts';
import { filmSubmitted, JOBS_QUEUE, jobServices, reread } from './testing/film-job.ts';
import type { VideoEnv } from './video-env.ts';

beforeAll(seedDatabase);

const messageOf = (id: string, body: unknown, attempts = 1) => ({ id, timestamp: new Date(), attempts, body });

it('each message is a matter of its own', async () => {
  const [good, faulty, later] = [
    await filmSubmitted(),
    await filmSubmitted({ model: 'retired' }),
    await filmSubmitted(),
  ];
  const { services } = jobServices();
  const messages = [good, faulty, later].map(({ id }) => messageOf(id, videoJob(id)));
  const batch = createMessageBatch(JOBS_QUEUE, messages);
  await consumeJobs(batch, services);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  expect(explicitAcks).toEqual([good.id, later.id]);
  expect(retryMessages.map(({ msgId }) => msgId)).toEqual([faulty.id]);
});

it.each([
  ['nothing', null],
  ['text', 'a job'],
  ['a later version', { version: 2, submissionId: 'x' }],
  ['no id', { version: 1 }],
])('what is no job is done with, and told of: %s', async (_name, body) => {
  const { services, logged, clip } = jobServices();
  const batch = createMessageBatch(JOBS_QUEUE, [messageOf('m', body)]);
  await consumeJobs(batch, services);
  const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
  expect([explicitAcks, clip.opened]).toEqual([['m'], 0]);
  expect(logged).toEqual([{ level: 'error', event: 'video_message_unreadable', message: 'm' }]);
});

it('a fault brings the message again, after longer each time, and is told of without what the film or its sender say', async () => {
  const row = await filmSubmitted({
    metadata: { name: 'Ada' },
    videoUrl: 'https://films.example.com/x.mp4?sig=secret',
  });
  const { services, logged } = jobServices();
  const delays: unknown[] = [];
  for (const attempts of [1, 2]) {
    const message = {
      ...messageOf(row.id, videoJob(row.id), attempts),
      ack: () => undefined,
      retry: (options: unknown) => void delays.push(options),
    };
    const batch = { queue: JOBS_QUEUE, messages: [message] } as unknown as MessageBatch<unknown>;
    await consumeJobs(batch, services);
  }
  expect(delays).toEqual([{ delaySeconds: 5 }, { delaySeconds: 10 }]);
  expect(logged).toMatchObject([
    { event: 'video_job_failed', submission: row.id, delivery: 1, reason: 'Error: nothing is to be fetched' },
    { event: 'video_job_failed', submission: row.id, delivery: 2 },
  ]);
  expect(JSON.stringify(logged)).not.toMatch(/Ada|secret|x\.mp4/);
});

it('the Worker itself opens a film with the real decoder, and says what is wrong with it', async () => {
  const row = await filmSubmitted({}, 'this is no film, whatever its name says');
  const batch = createMessageBatch(JOBS_QUEUE, [messageOf(row.id, videoJob(row.id))]);
  const context = createExecutionContext();
  await video.queue(batch, env as unknown as VideoEnv, context);
  expect((await getQueueResult(batch, context)).explicitAcks).toEqual([row.id]);
  expect(await reread(row)).toMatchObject({ status: 'failed', error: expect.stringContaining('not a video') });
});
