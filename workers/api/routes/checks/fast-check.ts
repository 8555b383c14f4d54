import { FastCheckBody, Frame } from '#shared/contract/checks.ts';
import { PLAIN_ANSWER } from '../../checks/check-answers.ts';
import { defineCheck } from './define-check.ts';

export const fastCheck = defineCheck({
  path: '/api/v1/fast-check',
  summary: 'Check whole frames',
  description: 'Finds the face in each frame and says whether a live person is seen.',
  body: FastCheckBody,
  door: {
    operation: 'fastCheck',
    arrayName: 'frames',
    item: Frame,
    kind: 'frame',
    inputSource: 'rest_frames',
    mayRepeatIndex: false,
    answer: PLAIN_ANSWER,
  },
});
