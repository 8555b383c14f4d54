export { FrameSession } from './frame-session.ts';

/** Nothing is served here: the gateway asks the `FrameSession` Durable Object through its binding. */
export default {
  fetch: () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
} satisfies ExportedHandler;
