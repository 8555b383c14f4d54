import type { FaceEvidence } from '#shared/rpc/inference.ts';
import { DARK_BRIGHTNESS, qualityWarning, SMALL_FACE_PIXELS } from '../fusion/quality-warning.ts';
import type { StillModel } from './still-model.ts';

/**
 * Side of the square that was cut out, by that of the face: 3 where the picture has the room. Below, the edge of a screen or of
 * a print lies outside the view, and of those that were measured more than half passed for life.
 */
export const LEAST_ROOM = 1.2;
/** The public threshold: below it somebody is told what to do. */
const LIVE_FROM_SCORE = 0.65;

const LEAVE_ROOM = 'The face fills the picture. Move back, so that there is room around the head.';
const DOUBTED = 'Face an even light, clean the lens, and leave room around the head.';

export interface StillJudgement {
  realScore: number;
  advice: string | null;
}

/**
 * Of a single picture texture is all there is. Three rules come before the weights, for where they are broken the texture
 * model has been measured to guess: they refuse genuine people too, and say what to mend.
 */
export function judgeStill(face: FaceEvidence, model: StillModel): StillJudgement {
  const realScore = canBeTrusted(face) ? scoreOf(face, model) : 0;
  return { realScore, advice: adviceFor(face, realScore) };
}

function adviceFor(face: FaceEvidence, realScore: number): string | null {
  const tight = isTight(face) ? LEAVE_ROOM : null;
  const hints = [tight, qualityWarning({ ...face.quality, faceCount: face.faceCount }, 'frame')];
  const advice = hints.filter((hint) => hint !== null).join(' ');
  if (advice !== '') return advice;
  return realScore < LIVE_FROM_SCORE ? DOUBTED : null;
}

// Asked this way round, so that what is no number is not trusted.
export function canBeTrusted(face: FaceEvidence): boolean {
  const { faceSizePixels, brightness } = face.quality;
  return !isTight(face) && faceSizePixels >= SMALL_FACE_PIXELS && brightness >= DARK_BRIGHTNESS;
}

function isTight({ square, quality }: FaceEvidence): boolean {
  return !(square.width / quality.faceSizePixels >= LEAST_ROOM);
}

/** Mean of both views; null where one is missing, for the weights know no picture of one view. */
export function stillMargin({ textureMargins: { square, whole } }: FaceEvidence): number | null {
  return square === null || whole === null ? null : (square + whole) / 2;
}

function scoreOf(face: FaceEvidence, { bias, weights }: StillModel): number {
  const margin = stillMargin(face);
  if (margin === null || !Number.isFinite(margin)) return 0;
  return 1 / (1 + Math.exp(-(bias + weights.margin * margin)));
}
