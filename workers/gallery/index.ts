export { Galleries } from './galleries.ts';
export { GalleryShard } from './gallery-shard.ts';

/** Nothing is served here: the gateway asks the `Galleries` entrypoint through its service binding. */
export default {
  fetch: () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
} satisfies ExportedHandler;
