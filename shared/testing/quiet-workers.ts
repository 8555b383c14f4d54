import type { GatewayEnv } from '../../workers/api/env.ts';
import { stubFaces } from './stub-faces.ts';
import { stubInference } from './stub-inference.ts';

/**
 * The Workers with weights, answering at once. The real ones take seconds to start, a probe waits for two: what it gives up on
 * goes on starting in a request that is over, and the test run counts that as an error.
 */
export function quietWorkers() {
  return {
    INFERENCE: stubInference().service as GatewayEnv['INFERENCE'],
    FACES: stubFaces().service as GatewayEnv['FACES'],
  };
}
