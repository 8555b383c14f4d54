import type { UploadedCheckBody } from '#shared/contract/uploads.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { statedIn } from '../checks/check-members.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { goodAnswer } from './good-answer.ts';
import { sessionModel } from './session-model.ts';

export interface UploadedCheckRequest {
  caller: KeyCaller;
  body: UploadedCheckBody;
  versionHeader: string | undefined;
  announce(headers: Record<string, string>): void;
}

/** The verdict on what was uploaded: one for each session, however often and by whichever route it is asked for. */
export function checkUploaded(services: Services, request: UploadedCheckRequest): Promise<StoredResult> {
  return finishAnyway(services, carryOut(services, request));
}

async function carryOut(services: Services, request: UploadedCheckRequest): Promise<StoredResult> {
  const { caller, body } = request;
  const { choice } = sessionModel(request);
  const organisationId = caller.organisation.id;
  const sessionId = body.session_id.toLowerCase();
  const asked = { organisationId, sessionId, apiKeyId: caller.key.id, door: 'upload', choice } as const;
  const session = services.frameSessions.of(organisationId, sessionId);
  return goodAnswer(await session.conclude({ ...asked, stated: statedIn(body) })).result;
}
