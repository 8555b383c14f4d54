import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import type { Services } from '../services.ts';
import type { Image } from './read-images.ts';
import { refusePicture } from './read-subjects.ts';

export interface ProbeLiveness {
  verdict: 'live' | 'fake';
  score: number;
  min_score: number;
}

/**
 * Of single pictures, so weaker than a check of a recording: no picture proves that somebody is there now. The least live one
 * counts, or a good picture would carry a bad one through.
 */
export async function probeLiveness(
  { inference }: Pick<Services, 'inference'>,
  images: readonly Image[],
  minScore: number,
): Promise<ProbeLiveness> {
  const request = { pictures: images.map(({ bytes }) => bytes) };
  const { stills } = await askInference((deadlineAtMs) => inference.checkStills(request, deadlineAtMs));
  if (stills.length !== images.length) throw inferenceFailed('not one outcome for each picture');
  let score = 1;
  for (const [place, still] of stills.entries()) {
    if (!still.ok) throw refusePicture(images[place]?.index ?? 0, still.problem);
    if (!(still.realScore >= 0 && still.realScore <= 1)) throw inferenceFailed('a score that is no probability');
    score = Math.min(score, still.realScore);
  }
  return { verdict: score >= minScore ? 'live' : 'fake', score, min_score: minScore };
}
