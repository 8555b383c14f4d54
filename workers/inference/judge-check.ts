import { FUSION_MODELS } from '#models/fusion/fusion-models.ts';
import type { JudgeRequest, JudgeResult } from '#shared/rpc/inference.ts';
import { FusionModel } from './fusion/fusion-model.ts';
import { judgeRecording } from './fusion/judge-recording.ts';

/** The verdict on a check's records. A model without a fusion file that can be read gives none: it fails closed. */
export function judgeCheck(
  { model, evidence, fps, motions, run }: JudgeRequest,
  log: (message: string, error: unknown) => void,
): JudgeResult {
  try {
    const judgement = judgeRecording({ frames: evidence, run, fps, motions }, FusionModel.parse(FUSION_MODELS[model]));
    if (!Number.isFinite(judgement.realScore)) throw new Error('the score is not a number');
    return { ok: true, judgement };
  } catch (error) {
    log('inference: no judgement', error);
    return { ok: false, reason: 'the check could not be judged' };
  }
}
