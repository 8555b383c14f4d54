export { Faces } from './faces.ts';

/** Nothing is served here: the gateway asks the `Faces` entrypoint through its service binding. */
export default {
  fetch: () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
} satisfies ExportedHandler;
