import { MODELS } from '#models/registry.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import type { Health } from '#shared/contract/health.ts';
import { probeDatabase } from '#shared/db/organisations.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.ts';

const PROBE_TIMEOUT_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;

type State = 'ok' | 'error' | 'not_configured';

/** Every answer comes from asking just now; a dependency that does not answer in time counts as broken. */
export async function probeHealth(services: Services): Promise<Health> {
  const [database, redis, rateLimiter, inference, faces, gallery, sessions] = await Promise.all([
    works(probeDatabase(services.database)),
    services.probes.redis ? works(services.probes.redis()) : ('not_configured' as const),
    works(services.probes.rateLimitObject()),
    loadedWeights(services),
    saysOk(services.faces.loadedWeights()),
    saysOk(services.galleries.ready()),
    saysOk(services.sessions.ready()),
  ]);
  const dependencies = {
    database,
    redis,
    rate_limiter: rateLimiter,
    inference: inference.state,
    faces,
    gallery,
    sessions,
  };
  if (database === 'error') {
    throw new ApiFailure({
      code: 'service_unavailable',
      message: 'The database does not answer',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      dependencies,
    });
  }
  const states: State[] = Object.values(dependencies);
  return {
    status: states.includes('error') ? 'degraded' : 'healthy',
    version: VERSION,
    environment: services.settings.environment,
    models_loaded: MODELS.filter((model) => model.weights.every((key) => inference.weights.has(key))).map(
      ({ id }) => id,
    ),
    dependencies,
  };
}

async function works(probe: Promise<unknown>): Promise<'ok' | 'error'> {
  return (await withinTime(probe)) === null ? 'error' : 'ok';
}

async function saysOk(probe: Promise<{ ok: boolean }>): Promise<'ok' | 'error'> {
  return (await withinTime(probe))?.value.ok === true ? 'ok' : 'error';
}

async function loadedWeights(services: Services): Promise<{ state: 'ok' | 'error'; weights: ReadonlySet<string> }> {
  const health = await withinTime(services.inference.loadedWeights());
  if (!health?.value.ok) return { state: 'error', weights: new Set() };
  return { state: 'ok', weights: new Set(health.value.weights) };
}

/** The value wrapped, or `null` for a failure or for silence. */
async function withinTime<Value>(work: Promise<Value>): Promise<{ value: Value } | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PROBE_TIMEOUT_MS, null);
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), silence]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
