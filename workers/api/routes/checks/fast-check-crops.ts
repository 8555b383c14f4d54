import { Crop, FastCheckCropsBody } from '#shared/contract/checks.ts';
import { PLAIN_ANSWER } from '../../checks/check-answers.ts';
import { defineCheck } from './define-check.ts';

export const fastCheckCrops = defineCheck({
  path: '/api/v1/fast-check-crops',
  summary: 'Check face crops',
  description:
    'For clients that find the face themselves. A crop is 224x224, a square of three times the larger side of the face, so that the face fills about a third of it.',
  body: FastCheckCropsBody,
  sessionToken: true,
  door: {
    operation: 'fastCheckCrops',
    arrayName: 'crops',
    item: Crop,
    kind: 'crop',
    inputSource: 'rest_crops',
    mayRepeatIndex: true,
    answer: PLAIN_ANSWER,
  },
});
