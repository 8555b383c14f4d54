import { HybridCheckBody, HybridFrame } from '#shared/contract/checks.ts';
import { HYBRID_ANSWER } from '../../checks/check-answers.ts';
import type { Operation } from '../../operation/operation.ts';
import { defineCheck } from './define-check.ts';

interface HybridRoute {
  operation: string;
  path: `/${string}`;
  summary: string;
  model: 'hybrid-v2-50' | 'hybrid-v2-150';
}

/** A route of one hybrid model. The name of the route has chosen it. */
export function defineHybridCheck({ operation, path, summary, model }: HybridRoute): Operation {
  return defineCheck({
    path,
    summary,
    description: `Always with the model \`${model}\`: \`model\`, \`frame_count\` and \`X-Model-Version\` are not looked at. The answer tells skin texture and pulse apart.`,
    body: HybridCheckBody,
    door: {
      operation,
      arrayName: 'frames',
      item: HybridFrame,
      kind: 'frame',
      inputSource: 'rest_frames',
      mayRepeatIndex: false,
      fixedModel: model,
      answer: HYBRID_ANSWER,
    },
  });
}
