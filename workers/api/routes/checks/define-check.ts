import type { z } from 'zod';
import { type CheckResult, ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import { carryOutCheck } from '../../checks/carry-out-check.ts';
import type { CheckDoor } from '../../checks/check-door.ts';
import { MAX_BODY_BYTES } from '../../checks/check-limits.ts';
import { SessionAttempt } from '../../checks/session-attempt.ts';
import { defineOperation, type Operation } from '../../operation/operation.ts';
import { StreamedBody } from '../../operation/streamed-body.ts';
import type { Services } from '../../services.ts';
import { actorOf } from '../../sessions/manage-sessions.ts';
import type { KeyCaller } from '../../use-cases/find-caller.ts';

interface CheckRoute<Answer extends CheckResult> {
  path: `/${string}`;
  summary: string;
  description: string;
  body: z.ZodType;
  door: CheckDoor<Answer>;
  /** Whoever has the link of a verification session may come by it. */
  sessionToken?: true;
}

/** The batch checks differ in how pictures come in and what of the verdict is told, and in nothing else. */
export function defineCheck<Answer extends CheckResult>(route: CheckRoute<Answer>): Operation {
  const { path, summary, description, body, door, sessionToken } = route;
  return defineOperation({
    id: door.operation,
    method: 'POST',
    path,
    tag: 'Checks',
    summary,
    description: `${description} The same request again, with the same \`session_id\`, gives the same verdict and costs nothing.`,
    access: 'key',
    scope: 'detection:write',
    ...(sessionToken && { sessionToken }),
    creates: true,
    headers: door.fixedModel === undefined ? ModelVersionHeaders : undefined,
    answerHeaders: ModelAnswerHeaders,
    body: new StreamedBody(body, MAX_BODY_BYTES),
    success: { status: 200, data: door.answer.schema, description: 'The verdict.' },
    errors: [
      ...(door.fixedModel === undefined ? (['invalid_model'] as const) : []),
      'insufficient_frames',
      'insufficient_credits',
      'session_conflict',
      ...(sessionToken ? (['session_closed', 'consent_required'] as const) : []),
    ],
    handle({ caller, services, body: chunks, headers, announce, once, client }) {
      const session = attemptOf(services, caller, client);
      return carryOutCheck(services, {
        caller,
        // The risk level of the session says by which model, whatever else is asked for.
        door: session === null ? door : { ...door, fixedModel: session.modelId },
        body: chunks,
        versionHeader: headers?.['X-Model-Version'],
        announce,
        once,
        session,
      });
    },
  });
}

function attemptOf(services: Services, caller: KeyCaller, client: Record<string, string>): SessionAttempt | null {
  if (caller.session === null) return null;
  return new SessionAttempt(services, caller, caller.session, actorOf({ caller, client }));
}
