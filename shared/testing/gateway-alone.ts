import { createApp } from '../../workers/api/app.ts';
import type { GatewayEnv } from '../../workers/api/env.ts';

export { RateLimit } from '../../workers/api/rate-limit/rate-limit.ts';

const app = createApp();
const none = async () => ({ ok: false, reason: 'there is none here' }) as const;
const noInference = { loadedWeights: none, analyseFrames: none, compareFaces: none, judge: none, checkStills: none };
const noFaces = { loadedWeights: none, readFaces: none };
const noGalleries = { ready: async () => ({ ok: false, reason: 'failed' }) } as unknown as GatewayEnv['GALLERIES'];

const noSessions = { ready: async () => ({ ok: false }) } as unknown as GatewayEnv['SESSIONS'];

/** The gateway without the Workers behind it, for tests of the gateway alone. */
export default {
  fetch: (request, env, context) => app.fetch(request, withoutNeighbours(env), context),
} satisfies ExportedHandler<GatewayEnv>;

// One object per isolate, as the platform has it: the circuit breaker of Redis hangs on it.
const bindings = new WeakMap<GatewayEnv, GatewayEnv>();
function withoutNeighbours(env: GatewayEnv): GatewayEnv {
  const known = bindings.get(env) ?? {
    ...env,
    INFERENCE: noInference,
    FACES: noFaces,
    GALLERIES: noGalleries,
    SESSIONS: noSessions,
  };
  bindings.set(env, known);
  return known;
}
