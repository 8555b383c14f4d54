import { ExplainedCheckBody } from '#shared/contract/uploads.ts';
import { EXPLAINED_ANSWER } from '../../checks/check-answers.ts';
import { defineUploadedCheck } from './define-uploaded-check.ts';

export const v2LiveCheck = defineUploadedCheck({
  id: 'v2LiveCheck',
  path: '/api/v2/live-check',
  summary: 'Check uploaded frames, with reasons',
  description: 'As v2/fast-check, and the answer always says what led to the verdict.',
  body: ExplainedCheckBody,
  answer: EXPLAINED_ANSWER,
});
