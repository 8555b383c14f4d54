import { FACE_CREDITS, FACE_MODEL, type PaidFaceOperation } from '#models/face-search-prices.ts';
import { chargeCheck, type NewUsageEvent, readBalance } from '#shared/db/credits.ts';
import { insufficientCredits } from '#shared/verdicts/give-verdict.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';

/** What a call has done, for its usage row. */
export interface FaceWork {
  /** Also the id of the answer. */
  id: string;
  operation: PaidFaceOperation;
  pictures: number;
  startedAtMs: number;
  liveness?: { verdict: 'live' | 'fake'; score: number };
}

/** Before any work: nothing is done that could not be paid. */
export async function requireCredits(
  services: Services,
  caller: KeyCaller,
  operation: PaidFaceOperation,
): Promise<void> {
  const balance = await readBalance(services.database, caller.organisation.id);
  if (balance < FACE_CREDITS[operation]) throw insufficientCredits(FACE_CREDITS[operation], balance);
}

/** After the work and before its answer, which nobody gets who has not paid for it. */
export async function takeCredits(services: Services, caller: KeyCaller, work: FaceWork): Promise<void> {
  const { outcome } = await chargeCheck(services.database, usageOf(services, caller, work), services.newId());
  if (outcome !== 'insufficient') return;
  // Somebody else has spent them since they were counted.
  const balance = await readBalance(services.database, caller.organisation.id);
  throw insufficientCredits(FACE_CREDITS[work.operation], balance);
}

export function usageOf(services: Services, caller: KeyCaller, work: FaceWork): NewUsageEvent {
  const createdAtMs = services.nowMs();
  return {
    id: services.newId(),
    organisationId: caller.organisation.id,
    apiKeyId: caller.key.id,
    operation: work.operation,
    sessionId: work.id,
    model: FACE_MODEL,
    verdict: work.liveness?.verdict ?? null,
    score: work.liveness === undefined ? null : work.liveness.score * 100,
    credits: FACE_CREDITS[work.operation],
    framesProcessed: work.pictures,
    processingMs: createdAtMs - work.startedAtMs,
    createdAtMs,
  };
}
