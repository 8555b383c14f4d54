import { WorkerEntrypoint } from 'cloudflare:workers';
import type { InferenceHealth, InferenceService } from '#shared/rpc/inference.ts';
import { weightsHealth } from './weights-health.ts';

/** Reached through a service binding only; what it answers crosses RPC, so failures are results. */
export class Inference extends WorkerEntrypoint implements InferenceService {
  async loadedWeights(): Promise<InferenceHealth> {
    return await weightsHealth(async () => await (await loadSessions()).all(), console.error);
  }
}

/** Runtime and weights come with the first call: an isolate starts without them, and answers nothing else slower. */
async function loadSessions() {
  const { sessions } = await import('./sessions.ts');
  return sessions;
}
