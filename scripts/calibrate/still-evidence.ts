import { framePairs } from '../../shared/lib/frame-pairs.ts';
import type { FaceEvidence, MovingFace } from '../../shared/rpc/inference.ts';
import { analyseFrame } from '../../workers/inference/frame/analyse-frame.ts';
import { type Box, largerSide, squareAround, squareWithin } from '../../workers/inference/frame/box.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { resample, toRgba } from '../../workers/inference/frame/resample.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { landmarkCues } from '../../workers/inference/temporal/landmark-cues.ts';
import { motionCues } from '../../workers/inference/temporal/motion-cues.ts';
import type { TemporalEvidence } from '../../workers/inference/temporal/temporal-evidence.ts';
import { animateStill, type StillAttack } from './still-attacks.ts';

const SCENE_SIDE = 320;
/** The scene holds more than a crop does, so that what moves stays inside. */
const SCENE_BY_FACE = 4.2;

/** The part of a frame that an attack is made of, at a size that can be animated quickly. */
export function sceneOf(picture: RgbaPicture, face: Box): RgbaPicture {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const square = squareWithin(whole, squareAround(face, SCENE_BY_FACE * largerSide(face)));
  return toRgba(resample(picture, square, whole, { width: SCENE_SIDE, height: SCENE_SIDE }, true));
}

/**
 * What an attack with `frameCount` frames at `fps` comes to. Only the frames that the motion cues compare are made: in a long
 * recording the others would cost most of the time and say nothing about motion. null when the face is lost on the way.
 */
export async function stillEvidence(
  scene: RgbaPicture,
  attack: StillAttack,
  recording: { frameCount: number; fps: number; seed: number },
  networks: Networks,
): Promise<TemporalEvidence | null> {
  const { frameCount, fps, seed } = recording;
  const pairs = framePairs(frameCount);
  const needed = [
    ...new Set(
      Object.values(pairs)
        .flat()
        .flatMap(({ first, second }) => [first, second]),
    ),
  ];
  needed.sort((a, b) => a - b);
  const faces: FaceEvidence[] = [];
  const sampling = { detect: true, square: false, whole: false };
  const seconds = needed.map((index) => index / fps);
  for await (const picture of animateStill(scene, attack, seconds, seed)) {
    const previousFace = faces.at(-1) ?? null;
    const { face } = await analyseFrame({ picture, kind: 'frame', sampling, previousFace }, networks);
    if (face === null) return null;
    faces.push(face);
  }
  const first = faces[0];
  if (!first) return null;
  const sparse: MovingFace[] = Array.from({ length: frameCount }, () => first);
  for (const [i, index] of needed.entries()) sparse[index] = faces[i] ?? first;
  const landmarks = faces.map((face) => face.landmarks);
  return {
    frameCount,
    faceShare: 1,
    distinctShare: 1,
    textureMargin: null,
    textureSpread: 0,
    recaptureMargin: null,
    motion: motionCues(sparse),
    landmarks: landmarkCues(landmarks, framePairs(landmarks.length).wide),
    pulse: null,
  };
}
