import type { CueReading, Judgement } from '#shared/rpc/inference.ts';
import { type Recording, type TemporalEvidence, temporalEvidence } from '../temporal/temporal-evidence.ts';
import { cueReadings } from './cue-readings.ts';
import { fuse } from './fuse.ts';
import type { FusionModel } from './fusion-model.ts';
import { qualityWarning } from './quality-warning.ts';
import { recordingQuality } from './recording-quality.ts';

const LEAST_FACE_SHARE = 0.5;
/** A camera in the dark halves its rate and a client then sends each frame twice; below half it is stills, not a film. */
const LEAST_DISTINCT_SHARE = 0.5;

const NO_FACE = 'No face was found in most frames. Make sure that the face is fully visible.';
const REPEATED = 'Most frames repeat others pixel by pixel. Send frames as the camera takes them.';

/** The verdict of one recording. Two rules come before the weights, for without their evidence nothing can be weighed. */
export function judgeRecording(recording: Recording, model: FusionModel): Judgement {
  const { frames } = recording;
  const evidence = temporalEvidence(recording);
  const pulseWasRead = evidence.pulse !== null;
  const quality = recordingQuality(frames);
  const refusal = reasonToRefuse(evidence);
  if (refusal !== null || quality === null) {
    const diagnostics = cueReadings(evidence, quality, null);
    return { realScore: 0, visualScore: null, pulseWasRead, warning: refusal ?? NO_FACE, diagnostics };
  }
  const fused = fuse(evidence, model);
  const diagnostics: CueReading[] = cueReadings(evidence, quality, fused);
  const visualScore = 1 / (1 + Math.exp(-fused.texture));
  const warning = qualityWarning(quality, frames[0]?.kind ?? 'frame');
  return { realScore: fused.realScore, visualScore, pulseWasRead, warning, diagnostics };
}

function reasonToRefuse({ faceShare, distinctShare }: TemporalEvidence): string | null {
  if (faceShare < LEAST_FACE_SHARE) return NO_FACE;
  if (distinctShare < LEAST_DISTINCT_SHARE) return REPEATED;
  return null;
}
