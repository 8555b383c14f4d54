import type { TemporalEvidence } from '../temporal/temporal-evidence.ts';

/** What a fusion model may weigh. Names are those of the files in `models/fusion`. */
export const TEXTURE_FEATURES = ['margin', 'spread', 'recapture'] as const;
export const MOTION_FEATURES = [
  'near',
  'middle',
  'wide',
  'middleSheet',
  'wideSheet',
  'blinkDepth',
  'mouthRange',
  'landmarksBeyondPlane',
  'pulse',
] as const;
export const CONTINUITY_FEATURES = ['jerkTypical', 'jerkAtWorst', 'near'] as const;
export type TextureFeature = (typeof TEXTURE_FEATURES)[number];
export type MotionFeature = (typeof MOTION_FEATURES)[number];
export type ContinuityFeature = (typeof CONTINUITY_FEATURES)[number];

/** Keeps the logarithm of no motion at all finite, at a tenth of what the noise of a camera comes to. */
const LEAST_MOTION_PIXELS = 0.003;
const LEAST_LANDMARK_MOTION = 0.001;
const LEAST_JERK = 0.002;
/** What a recording too short for a pulse counts as: what chance gives. */
const NO_PULSE_DB = -4;

/** null where the recording does not have the evidence at all: then nothing speaks for a live person. */
export function textureFeatures(evidence: TemporalEvidence): Record<TextureFeature, number> | null {
  if (evidence.textureMargin === null) return null;
  // Not a number where the records lack it: what weighs it then fails closed.
  const recapture = evidence.recaptureMargin ?? Number.NaN;
  return { margin: evidence.textureMargin, spread: evidence.textureSpread, recapture };
}

export function motionFeatures({ motion, landmarks, pulse }: TemporalEvidence): Record<MotionFeature, number> | null {
  if (motion === null || landmarks === null) return null;
  return {
    near: logMotion(motion.near),
    middle: logMotion(motion.middle),
    wide: logMotion(motion.wide),
    middleSheet: logMotion(motion.middleSheet),
    wideSheet: logMotion(motion.wideSheet),
    blinkDepth: landmarks.blinkDepth,
    mouthRange: landmarks.mouthRange,
    landmarksBeyondPlane: Math.log(landmarks.beyondHomography + LEAST_LANDMARK_MOTION),
    pulse: pulse?.signalToNoiseDb ?? NO_PULSE_DB,
  };
}

export function continuityFeatures({ motion, landmarks }: TemporalEvidence): Record<ContinuityFeature, number> | null {
  if (motion === null || landmarks === null) return null;
  return {
    jerkTypical: Math.log(landmarks.jerkTypical + LEAST_JERK),
    jerkAtWorst: Math.log(landmarks.jerkAtWorst + LEAST_JERK),
    near: logMotion(motion.near),
  };
}

function logMotion(pixels: number): number {
  return Math.log(pixels + LEAST_MOTION_PIXELS);
}
