import { consumeJobs } from './consume-jobs.ts';
import { createVideoServices, type VideoEnv } from './video-env.ts';

/** Nothing is served here: jobs come from the queue. */
export default {
  fetch: () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
  queue: (batch, env, context) =>
    consumeJobs(
      batch,
      createVideoServices(env, (work) => context.waitUntil(work)),
    ),
} satisfies ExportedHandler<VideoEnv>;
