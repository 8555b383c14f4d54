import type { TemporalEvidence } from '../../temporal/temporal-evidence.ts';
import type { FusionModel } from '../fusion-model.ts';

/** A model whose arithmetic can be followed by hand. The files of `models/fusion` are fitted anew now and then. */
export const PLAIN_MODEL: FusionModel = {
  model: 'plain',
  texture: { bias: -1, weights: { margin: 1 } },
  motion: { bias: 4, weights: { wide: 2 } },
  continuity: { bias: -4, weights: { jerkTypical: -3 } },
  fitted: { on: 'nothing', liveWindows: 0, attackWindows: 0, stillWindows: 0, slideShows: 0 },
};

/** What a good recording of a live person comes to. */
export function liveEvidence(different: Partial<TemporalEvidence> = {}): TemporalEvidence {
  return {
    frameCount: 10,
    faceShare: 1,
    distinctShare: 1,
    textureMargin: 6,
    textureSpread: 0.5,
    recaptureMargin: 6,
    motion: { near: 0.05, middle: 0.2, wide: 1, middleSheet: 0.18, wideSheet: 0.9 },
    landmarks: {
      blinkDepth: 0.2,
      mouthRange: 0.05,
      beyondSimilarity: 0.02,
      beyondHomography: 0.01,
      jerkTypical: 0.01,
      jerkAtWorst: 0.02,
    },
    pulse: null,
    ...different,
  };
}

/** Its motion with another amount of it between distant frames. */
export function motionOf(wide: number): NonNullable<TemporalEvidence['motion']> {
  return { near: 0.05, middle: 0.2, middleSheet: 0.18, wideSheet: 0.9, wide };
}
