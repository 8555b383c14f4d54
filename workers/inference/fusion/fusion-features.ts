import type { TemporalEvidence } from '../temporal/temporal-evidence.ts';

/** What a fusion model may weigh. Names are those of the files in `models/fusion`. */
export const TEXTURE_FEATURES = ['margin', 'spread'] as const;
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
export type TextureFeature = (typeof TEXTURE_FEATURES)[number];
export type MotionFeature = (typeof MOTION_FEATURES)[number];

/** Keeps the logarithm of no motion at all finite, at a tenth of what the noise of a camera comes to. */
const LEAST_MOTION_PIXELS = 0.003;
const LEAST_LANDMARK_MOTION = 0.001;
/** What a recording too short for a pulse counts as: what chance gives. */
const NO_PULSE_DB = -4;

/** null where the recording does not have the evidence at all: then nothing speaks for a live person. */
export function textureFeatures(evidence: TemporalEvidence): Record<TextureFeature, number> | null {
  if (evidence.textureMargin === null) return null;
  return { margin: evidence.textureMargin, spread: evidence.textureSpread };
}

export function motionFeatures({ motion, landmarks, pulse }: TemporalEvidence): Record<MotionFeature, number> | null {
  if (motion === null || landmarks === null) return null;
  const log = (pixels: number) => Math.log(pixels + LEAST_MOTION_PIXELS);
  return {
    near: log(motion.near),
    middle: log(motion.middle),
    wide: log(motion.wide),
    middleSheet: log(motion.middleSheet),
    wideSheet: log(motion.wideSheet),
    blinkDepth: landmarks.blinkDepth,
    mouthRange: landmarks.mouthRange,
    landmarksBeyondPlane: Math.log(landmarks.beyondHomography + LEAST_LANDMARK_MOTION),
    pulse: pulse?.signalToNoiseDb ?? NO_PULSE_DB,
  };
}
