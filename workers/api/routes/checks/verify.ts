import { Frame, VerifyBody, VerifyMembers } from '#shared/contract/checks.ts';
import { PLAIN_ANSWER } from '../../checks/check-answers.ts';
import { defineCheck } from './define-check.ts';

export const verify = defineCheck({
  path: '/api/v1/verify',
  summary: 'Check whole frames with the spatial model',
  description:
    'As fast-check, always with the model `50`: `model`, `frame_count` and `X-Model-Version` are not looked at.',
  body: VerifyBody,
  door: {
    operation: 'verify',
    arrayName: 'frames',
    item: Frame,
    kind: 'frame',
    inputSource: 'rest_frames',
    mayRepeatIndex: false,
    fixedModel: '50',
    extraMembers: VerifyMembers,
    answer: PLAIN_ANSWER,
  },
});
