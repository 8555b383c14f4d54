import { validationFailure } from '#shared/contract/validation.ts';
import type { FaceBox } from '#shared/rpc/inference.ts';
import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import { intersectionOverUnion } from '../../inference/frame/box.ts';
import type { Services } from '../services.ts';
import { type Image, problem } from './read-images.ts';
import { refusePicture, type Subject } from './read-subjects.ts';

export interface ProbeLiveness {
  verdict: 'live' | 'fake';
  score: number;
  min_score: number;
  advice: string | null;
}

export interface JudgedProbe {
  liveness: ProbeLiveness;
  /** Of each image, the face that was judged. */
  boxes: FaceBox[];
}

const SAME_FACE_OVERLAP = 0.3;

/**
 * Of single pictures, so weaker than a check of a recording: no picture proves that somebody is there now. The least live one
 * counts, or a good picture would carry a bad one through.
 */
export async function probeLiveness(
  { inference }: Pick<Services, 'inference'>,
  images: readonly Image[],
  minScore: number,
): Promise<JudgedProbe> {
  const request = { pictures: images.map(({ bytes }) => bytes) };
  const { stills } = await askInference((deadlineAtMs) => inference.checkStills(request, deadlineAtMs));
  if (stills.length !== images.length) throw inferenceFailed('not one outcome for each picture');
  const boxes: FaceBox[] = [];
  let least: { realScore: number; advice: string | null } = { realScore: 1, advice: null };
  for (const [place, still] of stills.entries()) {
    if (!still.ok) throw refusePicture(images[place]?.index ?? 0, still.problem);
    if (!(still.realScore >= 0 && still.realScore <= 1)) throw inferenceFailed('a score that is no probability');
    if (still.realScore <= least.realScore) least = still;
    boxes.push(still.box);
  }
  const { realScore: score, advice } = least;
  return { liveness: { verdict: score >= minScore ? 'live' : 'fake', score, min_score: minScore, advice }, boxes };
}

/** A live face beside a picture of somebody else must not lend its life to them: who was judged is who is searched for. */
export function refuseOthers(subjects: readonly Subject[], boxes: readonly FaceBox[]): void {
  for (const [place, { image, face }] of subjects.entries()) {
    const judged = boxes[place];
    if (judged !== undefined && intersectionOverUnion(judged, face.box) >= SAME_FACE_OVERLAP) continue;
    throw validationFailure([
      problem(image.index, 'shows several faces, and it cannot be told which of them is meant'),
    ]);
  }
}
