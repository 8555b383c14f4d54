import type { CompareRequest, CompareResult } from '#shared/rpc/inference.ts';
import { FaceComparer } from './temporal/pair-motion.ts';

export function compareFaces({ pairs }: CompareRequest, log: (message: string, error: unknown) => void): CompareResult {
  try {
    const comparer = new FaceComparer();
    return { ok: true, motions: pairs.map(({ first, second, mayBend }) => comparer.compare(first, second, mayBend)) };
  } catch (error) {
    log('inference: faces not compared', error);
    return { ok: false, reason: 'the faces could not be compared' };
  }
}
