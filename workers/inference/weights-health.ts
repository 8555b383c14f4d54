import type { InferenceHealth } from '#shared/rpc/inference.ts';
import { RuntimeNotStarted, WeightNotLoaded } from './errors.ts';

type LoadAll = () => Promise<ReadonlyMap<string, unknown>>;
type Log = (message: string, error: unknown) => void;

/** Which weights run. A failure is a result; it names the weight at most, for the runtime's words can hold paths. */
export async function weightsHealth(loadAll: LoadAll, log: Log): Promise<InferenceHealth> {
  try {
    return { ok: true, weights: [...(await loadAll()).keys()] };
  } catch (error) {
    log('inference: weights not loaded', error);
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof WeightNotLoaded)) return 'the weights could not be loaded';
  // Whichever weight came first noticed it: the fault is not in that weight.
  return error.cause instanceof RuntimeNotStarted ? error.cause.message : error.message;
}
