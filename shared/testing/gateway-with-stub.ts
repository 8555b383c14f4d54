import { createApp } from '../../workers/api/app.ts';
import type { GatewayEnv } from '../../workers/api/env.ts';
import { GOOD_FACE, JUDGEMENT, STUB_BOX } from './stub-inference.ts';

export { RateLimit } from '../../workers/api/rate-limit/rate-limit.ts';

const app = createApp();

/** For clients that do not wait. */
const JUDGED_SLOWLY_FPS = 1;

/** Answers at once and keeps nothing, so that what is measured is the gateway. */
const inference: GatewayEnv['INFERENCE'] = {
  loadedWeights: async () => ({ ok: true, weights: [] }),
  analyseFrames: async ({ kind, pictures }) => {
    const evidence = { version: 1, kind, width: 640, height: 480, face: GOOD_FACE } as const;
    return { ok: true, outcomes: pictures.map(() => ({ ok: true, evidence })) };
  },
  compareFaces: async ({ pairs }) => ({ ok: true, motions: pairs.map(() => null) }),
  judge: async ({ fps }) => {
    if (fps === JUDGED_SLOWLY_FPS) await new Promise((resolve) => setTimeout(resolve, 1000));
    return { ok: true, judgement: JUDGEMENT };
  },
  checkStills: async ({ pictures }) => ({
    ok: true,
    stills: pictures.map(() => ({ ok: true, realScore: JUDGEMENT.realScore, advice: null, box: STUB_BOX })),
  }),
};

/** The gateway before an inference Worker that costs nothing. */
export default {
  fetch: (request, env, context) => app.fetch(request, { ...env, INFERENCE: inference }, context),
} satisfies ExportedHandler<GatewayEnv>;
