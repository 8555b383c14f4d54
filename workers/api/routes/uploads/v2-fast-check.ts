import { UploadedCheckBody } from '#shared/contract/uploads.ts';
import { PLAIN_ANSWER } from '../../checks/check-answers.ts';
import { defineUploadedCheck } from './define-uploaded-check.ts';

export const v2FastCheck = defineUploadedCheck({
  id: 'v2FastCheck',
  path: '/api/v2/fast-check',
  summary: 'Check uploaded frames',
  description: 'Says whether a live person is seen.',
  body: UploadedCheckBody,
  answer: PLAIN_ANSWER,
});
