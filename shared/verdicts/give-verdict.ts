import { z } from 'zod';
import type { RegisteredModel } from '#models/registry.ts';
import type { INPUT_SOURCES } from '../contract/checks.ts';
import { ApiFailure } from '../contract/errors.ts';
import {
  type ChargeOutcome,
  chargeCheck,
  chargeSubmission,
  chargeUnclaimedCheck,
  type NewUsageEvent,
  readBalance,
} from '../db/credits.ts';
import type { Database } from '../db/database.ts';
import type { HeldVerification, StoredResult, Verdict, VerificationScope } from '../db/verifications.ts';
import type { FrameEvidence, InferenceService, Judgement, KnownMotion } from '../rpc/inference.ts';
import { askInference, inferenceFailed } from './ask-inference.ts';
import { presentVerdict } from './present-verdict.ts';

/** Of what a check may say beside its frames, what is judged by or stored. */
export interface StatedWithFrames {
  source: 'media' | 'live';
  fps: number | null;
  warnings: string[] | null;
  bgSegmentation: boolean | null;
  metadata: Record<string, unknown> | null;
}

/** Whose right it is to give the verdict: a claim that a request holds, whoever comes first, or the job of a submission that runs. */
export type VerdictClaim =
  | HeldVerification
  | { id: string; startedAtMs: number }
  | { id: string; startedAtMs: number; submissionId: string };

export interface FinishedWork {
  scope: VerificationScope;
  /** null when it has been deleted since. */
  apiKeyId: string | null;
  model: RegisteredModel;
  inputSource: (typeof INPUT_SOURCES)[number];
  stated: StatedWithFrames;
  evidence: FrameEvidence[];
  motions?: KnownMotion[];
  /** See `JudgeRequest`. */
  run?: FrameEvidence[];
  /** Spent on the frames so far. */
  busyMs: number;
  contentHash: string;
  tenantMetadata?: Record<string, unknown> | null;
  claim: VerdictClaim;
}

export interface VerdictServices {
  database: Database;
  inference: Pick<InferenceService, 'judge'>;
  nowMs(): number;
  newId(): string;
  /** Has what was stored told to webhooks now. Where there is none, they hear of it with the next sweep. */
  announce?(organisationId: string): void;
}

const Probability = z.number().min(0).max(1);

/**
 * The verdict, its price and its usage row, all stored together or not at all. null when the session is not the caller's any
 * more, or never was: then somebody else's verdict is the verdict.
 */
export async function giveVerdict(services: VerdictServices, work: FinishedWork): Promise<StoredResult | null> {
  const { model, scope, evidence, stated } = work;
  const startedAtMs = services.nowMs();
  const judgement = await judge(services, work);
  const createdAtMs = services.nowMs();
  const given = {
    session_id: scope.sessionId,
    model: model.id,
    input_source: work.inputSource,
    processing_ms: work.busyMs + createdAtMs - startedAtMs,
    frames_processed: evidence.length,
    tenant_metadata: work.tenantMetadata ?? null,
    warnings: stated.warnings?.length ? [...new Set(stated.warnings)] : null,
  };
  const result = presentVerdict(judgement, given, createdAtMs);
  const usage = {
    ...scope,
    id: services.newId(),
    apiKeyId: work.apiKeyId,
    model: model.id,
    verdict: result.verdict,
    score: result.score,
    credits: model.creditsPerCheck,
    framesProcessed: result.frames_processed,
    processingMs: result.processing_ms,
    createdAtMs,
  };
  const { source, bgSegmentation, metadata } = stated;
  const verdict = { contentHash: work.contentHash, source, result, bgSegmentation, metadata };
  const { outcome } = await charge(services, work, usage, verdict);
  if (outcome === 'charged') {
    services.announce?.(scope.organisationId);
    return result;
  }
  if (outcome === 'claim_lost') return null;
  // Somebody else has spent them since they were counted.
  throw insufficientCredits(usage.credits, await readBalance(services.database, scope.organisationId));
}

function charge(
  { database, newId }: VerdictServices,
  { claim, scope, apiKeyId }: FinishedWork,
  usage: NewUsageEvent,
  verdict: Verdict,
): Promise<{ outcome: ChargeOutcome }> {
  if ('claimToken' in claim) return chargeCheck(database, usage, newId(), { ...verdict, ...claim });
  const unclaimed = { ...verdict, ...scope, ...claim, apiKeyId };
  if ('submissionId' in claim) return chargeSubmission(database, usage, newId(), unclaimed, claim.submissionId);
  return chargeUnclaimedCheck(database, usage, newId(), unclaimed);
}

async function judge({ inference }: VerdictServices, work: FinishedWork): Promise<Judgement> {
  const { model, evidence, stated, motions = [], run = [] } = work;
  const request = { model: model.id, evidence, fps: stated.fps, motions, run };
  const { judgement } = await askInference((deadlineAtMs) => inference.judge(request, deadlineAtMs));
  if (!Probability.safeParse(judgement.realScore).success) throw inferenceFailed('a score that is no probability');
  return judgement;
}

export function insufficientCredits(required: number, available: number): ApiFailure {
  const message = `Insufficient credits. The check costs ${required}, the organisation has ${available}.`;
  return new ApiFailure({ code: 'insufficient_credits', message, required, available });
}
