import type { z } from 'zod';
import { CheckResult, ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import { carryOutCheck } from '../../checks/carry-out-check.ts';
import type { CheckDoor } from '../../checks/check-door.ts';
import { MAX_BODY_BYTES } from '../../checks/check-limits.ts';
import { defineOperation, type Operation } from '../../operation/operation.ts';
import { StreamedBody } from '../../operation/streamed-body.ts';

interface CheckRoute {
  path: `/${string}`;
  summary: string;
  description: string;
  body: z.ZodType;
  door: CheckDoor;
}

/** The batch checks differ in how pictures come in, and in nothing else. */
export function defineCheck({ path, summary, description, body, door }: CheckRoute): Operation {
  return defineOperation({
    id: door.operation,
    method: 'POST',
    path,
    tag: 'Checks',
    summary,
    description: `${description} The same request again, with the same \`session_id\`, gives the same verdict and costs nothing.`,
    access: 'key',
    scope: 'detection:write',
    creates: true,
    headers: ModelVersionHeaders,
    answerHeaders: ModelAnswerHeaders,
    body: new StreamedBody(body, MAX_BODY_BYTES),
    success: { status: 200, data: CheckResult, description: 'The verdict.' },
    errors: ['invalid_model', 'insufficient_frames', 'insufficient_credits', 'session_conflict'],
    handle: ({ caller, services, body: chunks, headers, announce, once }) =>
      carryOutCheck(services, {
        caller,
        door,
        body: chunks,
        versionHeader: headers['X-Model-Version'],
        announce,
        once,
      }),
  });
}
