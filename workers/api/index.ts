import { env } from 'cloudflare:workers';
import { createApp } from './app.ts';
import { complainAboutEnvironment, type GatewayEnv } from './env.ts';
import { createTendGalleriesServices, tendGalleries } from './faces/tend-galleries.ts';
import { forgetExpired } from './use-cases/forget-expired.ts';
import { createTendServices, tendSubmissions } from './videos/tend-submissions.ts';

export { RateLimit } from './rate-limit/rate-limit.ts';

// Said once when an isolate starts, where an operator looks first; every request is refused until it is mended.
complainAboutEnvironment(env);

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: async (_controller, env) => {
    // Each whatever becomes of the other.
    await Promise.all([
      forgetExpired(env),
      tendSubmissions(createTendServices(env)),
      tendGalleries(createTendGalleriesServices(env)),
    ]);
  },
} satisfies ExportedHandler<GatewayEnv>;
