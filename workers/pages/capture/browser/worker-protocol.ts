import type { Box } from '../../../inference/frame/box.ts';
import type { EncodedCrop } from '../check-body.ts';
import type { HintCode } from '../hints.ts';

/** Answers may come in another order than their questions: crops that are still encoded take a while. */
export interface Asked {
  id: number;
  question: Question;
}
export interface Told {
  /** Of the question. */
  id: number;
  answer: Answer;
}

/** What the element asks of its worker. Frames are asked one at a time. */
export type Question =
  | { kind: 'load' }
  | { kind: 'look'; bitmap: ImageBitmap; how: LookHow }
  | { kind: 'discard' }
  | { kind: 'collect' };

export type Answer =
  | { kind: 'loaded' }
  | { kind: 'failed'; reason: string }
  | ({ kind: 'looked' } & Look)
  | { kind: 'collected'; crops: EncodedCrop[] };

export interface LookHow {
  /** The frame before had no problem: then less is asked of this one. */
  wasRight: boolean;
  /** It belongs to the check, unless it has a problem. */
  keep: boolean;
}

/** What one frame showed. */
export interface Look {
  problem: HintCode | null;
  box: Box | null;
  wasTaken: boolean;
}
