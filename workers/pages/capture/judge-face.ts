import type { FrameQuality } from '#shared/rpc/inference.ts';
import { type Box, centreOf, largerSide } from '../../inference/frame/box.ts';
import {
  BLURRED_SHARPNESS,
  DARK_BRIGHTNESS,
  SMALL_FACE_PIXELS,
  TIGHT_CROP_SHARE,
} from '../../inference/fusion/quality-warning.ts';
import type { HintCode } from './hints.ts';
import { GUIDE } from './oval-guide.ts';

/** What the worker sees of the person in one frame, measured by the server's own code. */
export interface SeenFace {
  box: Box;
  /** Faces in the frame, this one included. */
  faceCount: number;
  quality: Pick<FrameQuality, 'brightness' | 'clippedShare' | 'sharpness'>;
}

/** In shares of the shorter side of the frame. */
interface Limits {
  smallest: number;
  largest: number;
  farthestFromGuide: number;
}

/**
 * It takes more to be found right than to stay so: a face on the border would otherwise be right and wrong in turn. The square of
 * 3 x the face has to lie within the frame, so a large face fills more of it than a third; the server says so from half of it on.
 */
const TO_BECOME_RIGHT: Limits = { smallest: 0.24, largest: TIGHT_CROP_SHARE - 0.02, farthestFromGuide: 0.11 };
const TO_STAY_RIGHT: Limits = { smallest: 0.2, largest: TIGHT_CROP_SHARE + 0.04, farthestFromGuide: 0.15 };

/** Of 256 grey values. */
const BRIGHT_BRIGHTNESS = 220;
/** Clipped to white over so much of a bright face, the skin shows nothing any more. */
const CLIPPED_SHARE = 0.3;
const BRIGHT_SIDE = 150;

/** In sizes of the face a second: faster, and the picture smears. Whoever nods or speaks is slower. */
const FASTEST_MOTION = 1.2;

/** What keeps this frame from being taken; null when nothing does. */
export function problemOf(
  face: SeenFace | null,
  frame: { width: number; height: number },
  wasRight: boolean,
): HintCode | null {
  if (face === null) return 'no_face';
  if (face.faceCount > 1) return 'several_faces';
  return placeProblem(face.box, frame, wasRight ? TO_STAY_RIGHT : TO_BECOME_RIGHT) ?? lightProblem(face.quality);
}

function placeProblem(box: Box, frame: { width: number; height: number }, limits: Limits): HintCode | null {
  const side = Math.min(frame.width, frame.height);
  const size = largerSide(box);
  // Also of NaN this makes a problem, never a frame that is taken.
  if (!(size >= limits.smallest * side && size >= SMALL_FACE_PIXELS)) return 'too_far';
  if (size > limits.largest * side) return 'too_near';
  const { x, y } = centreOf(box);
  const distance = Math.hypot(x - GUIDE.x * frame.width, y - GUIDE.y * frame.height);
  return distance <= limits.farthestFromGuide * side ? null : 'off_centre';
}

function lightProblem({ brightness, clippedShare, sharpness }: SeenFace['quality']): HintCode | null {
  if (!(brightness >= DARK_BRIGHTNESS)) return 'too_dark';
  if (brightness > BRIGHT_BRIGHTNESS || (brightness > BRIGHT_SIDE && clippedShare > CLIPPED_SHARE)) return 'too_bright';
  return sharpness >= BLURRED_SHARPNESS ? null : 'too_blurred';
}

export interface PlacedFace {
  box: Box;
  atMs: number;
}

/** Whether the head moves too fast for a capture to begin. Standing like a statue is not wanted: a still picture does that. */
export function movesFast(before: PlacedFace, now: PlacedFace): boolean {
  const seconds = (now.atMs - before.atMs) / 1000;
  if (!(seconds > 0)) return false;
  const [from, to] = [centreOf(before.box), centreOf(now.box)];
  const distance = Math.hypot(to.x - from.x, to.y - from.y) / largerSide(now.box);
  return distance / seconds > FASTEST_MOTION;
}
