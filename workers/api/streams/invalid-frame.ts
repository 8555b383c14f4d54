import type { RegisteredModel } from '#models/registry.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import type { PictureProblem } from '#shared/rpc/inference.ts';

const COMPLAINTS: Record<PictureProblem, string> = {
  not_a_picture: 'is no PNG, JPEG or WebP picture',
  damaged: 'is a damaged picture',
  too_large: 'is too large a picture',
  too_small: 'is too small a picture',
  wrong_size: 'is a picture of the wrong size',
};

/** A batch counts as a whole or not at all. */
export function unreadableFrame(index: number, problem: PictureProblem, lost: 'frame' | 'batch' = 'frame'): ApiFailure {
  const consequence = lost === 'batch' ? 'No frame of the batch was counted; send all' : 'It was not counted; send it';
  const message = `Frame index ${index} ${COMPLAINTS[problem]}. ${consequence} again.`;
  return new ApiFailure({ code: 'invalid_frame', message });
}

export function refuseIndexBeyond(model: RegisteredModel, index: number): void {
  const maximum = model.minFrames - 1;
  if (index <= maximum) return;
  const message = `Frame index ${index} exceeds maximum ${maximum} for model "${model.id}"`;
  throw new ApiFailure({ code: 'invalid_frame', message });
}
