import { LiveCheckBody, LiveFrame } from '#shared/contract/checks.ts';
import { EXPLAINED_ANSWER } from '../../checks/check-answers.ts';
import { defineCheck } from './define-check.ts';

export const liveCheck = defineCheck({
  path: '/api/v1/live-check',
  summary: 'Check whole frames, with reasons',
  description:
    'As fast-check, and the answer always says what led to the verdict. Frames may carry the landmarks that a client has found; they are taken and not used, because whoever lies about them must gain nothing by it: the face is found in the picture.',
  body: LiveCheckBody,
  door: {
    operation: 'liveCheck',
    arrayName: 'frames',
    item: LiveFrame,
    kind: 'frame',
    inputSource: 'rest_frames',
    mayRepeatIndex: false,
    answer: EXPLAINED_ANSWER,
  },
});
