import type { z } from 'zod';
import { type CheckResult, ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import type { UploadedCheckBody } from '#shared/contract/uploads.ts';
import type { CheckAnswer } from '../../checks/check-answers.ts';
import { defineOperation, type Operation } from '../../operation/operation.ts';
import { checkUploaded } from '../../streams/check-uploaded.ts';

interface UploadedCheckRoute<Answer extends CheckResult> {
  id: string;
  path: `/${string}`;
  summary: string;
  description: string;
  body: z.ZodType<UploadedCheckBody>;
  answer: CheckAnswer<Answer>;
}

/** The checks of uploaded frames differ in what of the verdict is told, and in nothing else. */
export function defineUploadedCheck<Answer extends CheckResult>(route: UploadedCheckRoute<Answer>): Operation {
  const { answer, description, ...named } = route;
  return defineOperation({
    ...named,
    method: 'POST',
    tag: 'Checks',
    description: `${description} No frames are sent: they were uploaded with the same \`session_id\`. What the uploads did not say, as \`fps\`, can be said here; \`warnings\` of all requests come together. A session has one verdict, on both routes; asking again gives it again and costs nothing.`,
    access: 'key',
    scope: 'detection:write',
    creates: true,
    headers: ModelVersionHeaders,
    answerHeaders: ModelAnswerHeaders,
    success: { status: 200, data: answer.schema, description: 'The verdict.' },
    errors: ['invalid_model', 'insufficient_frames', 'insufficient_credits', 'session_conflict'],
    handle: async ({ caller, services, body, headers, announce }) => {
      const request = { caller, body, versionHeader: headers['X-Model-Version'], announce };
      return answer.of(await checkUploaded(services, request), body);
    },
  });
}
