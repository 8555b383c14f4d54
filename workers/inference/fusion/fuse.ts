import type { TemporalEvidence } from '../temporal/temporal-evidence.ts';
import { continuityFeatures, motionFeatures, textureFeatures } from './fusion-features.ts';
import type { FusionModel } from './fusion-model.ts';

/** Beyond this a side is as sure as it can be; it also stands for evidence that is missing, on the side of the attack. */
const SUREST_LOG_ODDS = 12;

export interface Fused {
  /** Probability of a live person. */
  realScore: number;
  /** Log-odds against a recapture (print, screen), a still that is made to move, and several stills shown in turn. */
  texture: number;
  motion: number;
  continuity: number;
}

/**
 * A recording is live when it is none of the three: 1 / (1 + e^-texture + e^-motion + e^-continuity). Each kind of doubt
 * alone brings the score down, which a weighted sum would let the others make up for.
 */
export function fuse(evidence: TemporalEvidence, model: FusionModel): Fused {
  const texture = logOdds(textureFeatures(evidence), model.texture);
  const motion = logOdds(motionFeatures(evidence), model.motion);
  const continuity = logOdds(continuityFeatures(evidence), model.continuity);
  const doubt = Math.exp(-texture) + Math.exp(-motion) + Math.exp(-continuity);
  return { realScore: 1 / (1 + doubt), texture, motion, continuity };
}

function logOdds(
  features: Record<string, number> | null,
  { bias, weights }: { bias: number; weights: Partial<Record<string, number>> },
): number {
  if (features === null) return -SUREST_LOG_ODDS;
  let sum = bias;
  for (const [name, weight] of Object.entries(weights)) sum += (weight ?? 0) * (features[name] ?? Number.NaN);
  // A feature that the file names and the evidence lacks, or a number that is none, must not pass.
  if (Number.isNaN(sum)) return -SUREST_LOG_ODDS;
  return Math.min(Math.max(sum, -SUREST_LOG_ODDS), SUREST_LOG_ODDS);
}
