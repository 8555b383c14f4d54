import type { CheckResult, HybridResult, RISK_BANDS } from '../contract/checks.ts';
import { iso } from '../contract/common.ts';
import type { StoredResult } from '../db/verifications.ts';
import type { Judgement } from '../rpc/inference.ts';

type RiskBand = (typeof RISK_BANDS)[number];

const LIVE_FROM_SCORE = 65;

/** On the score as it is, not as it would be rounded for display: 64.9 is no 65. */
export function bandOf(score: number): RiskBand {
  if (score >= 80) return 'VERY HIGH';
  if (score >= LIVE_FROM_SCORE) return 'HIGH';
  if (score >= 50) return 'MEDIUM';
  return score >= 35 ? 'LOW' : 'VERY LOW';
}

/** Written so that what is no number is no live person either. */
export function verdictOf(score: number): 'live' | 'fake' {
  return score >= LIVE_FROM_SCORE ? 'live' : 'fake';
}

type Given = Pick<
  StoredResult,
  'session_id' | 'model' | 'input_source' | 'processing_ms' | 'frames_processed' | 'warnings' | 'tenant_metadata'
>;

export function presentVerdict(judgement: Judgement, given: Given, createdAtMs: number): StoredResult {
  const { realScore, visualScore, pulseWasRead, warning, diagnostics } = judgement;
  const score = realScore * 100;
  return {
    verdict: verdictOf(score),
    confidence: realScore,
    real_score: realScore,
    score,
    type: bandOf(score),
    session_id: given.session_id,
    model: given.model,
    input_source: given.input_source,
    processing_ms: given.processing_ms,
    frames_processed: given.frames_processed,
    tenant_metadata: given.tenant_metadata,
    warning,
    warnings: given.warnings,
    created_at: iso(createdAtMs),
    visual_score: visualScore,
    physio_extracted: pulseWasRead,
    diagnostics: diagnostics.map(({ cue, value, speaksFor, advice }) => ({
      cue,
      value,
      speaks_for: speaksFor,
      advice,
    })),
  };
}

/** As this request gets it: the session id in its own spelling, and diagnostics if it asks for them. */
export function answerOf(stored: StoredResult, asked: { session_id: string; diagnostics: boolean }): CheckResult {
  const { diagnostics, visual_score: _, physio_extracted: __, ...result } = stored;
  return { ...result, session_id: asked.session_id, ...(asked.diagnostics && { diagnostics }) };
}

/** The same for the routes that tell the two kinds of evidence apart. */
export function hybridAnswerOf(
  stored: StoredResult,
  asked: { session_id: string; diagnostics: boolean },
): HybridResult {
  const { visual_score = null, physio_extracted = false } = stored;
  return { ...answerOf(stored, asked), visual_score, physio_extracted };
}
