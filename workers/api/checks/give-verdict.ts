import { z } from 'zod';
import { ApiFailure } from '#shared/contract/errors.ts';
import { chargeCheck, readBalance } from '#shared/db/credits.ts';
import type { HeldVerification, StoredResult, VerificationScope } from '#shared/db/verifications.ts';
import type { FrameEvidence, Judgement } from '#shared/rpc/inference.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { askInference, inferenceFailed } from './ask-inference.ts';
import type { CheckDoor } from './check-door.ts';
import type { AskedCheck } from './check-members.ts';
import { presentVerdict } from './present-verdict.ts';
import { sessionLost } from './session-hold.ts';

export interface FinishedWork {
  caller: KeyCaller;
  door: CheckDoor;
  asked: AskedCheck;
  evidence: FrameEvidence[];
  /** Spent on the frames so far. */
  busyMs: number;
  contentHash: string;
  scope: VerificationScope;
  claim: HeldVerification;
}

const Probability = z.number().min(0).max(1);

/** The verdict, its price and its usage row, all stored together or not at all. */
export async function giveVerdict(services: Services, work: FinishedWork): Promise<StoredResult> {
  const { asked, door, scope, caller, claim, evidence } = work;
  const startedAtMs = services.nowMs();
  const judgement = await judge(services, work);
  const createdAtMs = services.nowMs();
  const given = {
    session_id: scope.sessionId,
    model: asked.model.id,
    input_source: door.inputSource,
    processing_ms: work.busyMs + createdAtMs - startedAtMs,
    frames_processed: evidence.length,
    warnings: asked.warnings?.length ? [...new Set(asked.warnings)] : null,
  };
  const result = presentVerdict(judgement, given, createdAtMs);
  const usage = {
    ...scope,
    id: services.newId(),
    apiKeyId: caller.key.id,
    model: asked.model.id,
    verdict: result.verdict,
    score: result.score,
    credits: asked.model.creditsPerCheck,
    framesProcessed: result.frames_processed,
    processingMs: result.processing_ms,
    createdAtMs,
  };
  const verdict = {
    ...claim,
    contentHash: work.contentHash,
    source: asked.source,
    result,
    bgSegmentation: asked.bg_segmentation ?? null,
    metadata: asked.metadata ?? null,
  };
  const { outcome } = await chargeCheck(services.database, usage, services.newId(), verdict);
  if (outcome === 'charged') return result;
  if (outcome === 'claim_lost') throw sessionLost();
  // Somebody else has spent them since they were counted.
  throw insufficientCredits(usage.credits, await readBalance(services.database, scope.organisationId));
}

async function judge(services: Services, { asked, evidence }: FinishedWork): Promise<Judgement> {
  const request = { model: asked.model.id, evidence, fps: asked.fps ?? null };
  const { judgement } = await askInference(() => services.inference.judge(request));
  if (!Probability.safeParse(judgement.realScore).success) throw inferenceFailed('a score that is no probability');
  return judgement;
}

export function insufficientCredits(required: number, available: number): ApiFailure {
  const message = `Insufficient credits. The check costs ${required}, the organisation has ${available}.`;
  return new ApiFailure({ code: 'insufficient_credits', message, required, available });
}
