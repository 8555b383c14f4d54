import type { ModelId } from '../../models/registry.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import type { EvalOptions } from './eval-options.ts';
import { oneAhead } from './one-ahead.ts';
import { postRecording } from './post-recording.ts';
import { type Preparation, prepareRecordings } from './prepare-recordings.ts';
import type { Endpoint, JudgedWindow } from './summarise.ts';

/** What could not be tested, so that it is not taken for tested. `model` and `endpoint` where it concerns only one. */
export interface NotTested {
  file: string;
  label: string;
  reason: string;
  model?: ModelId;
  endpoint?: Endpoint;
}

export interface Evaluation {
  judged: JudgedWindow[];
  notTested: NotTested[];
  /** A verdict is missing that should be there. */
  hasFaults: boolean;
}

/** Every recording that can be made of the clips, judged by the service at `baseUrl`. */
export async function evaluate(
  clips: readonly LabelledClip[],
  options: EvalOptions,
  preparation: Preparation,
  baseUrl: string,
): Promise<Evaluation> {
  const evaluation: Evaluation = { judged: [], notTested: [], hasFaults: false };
  let recordings = 0;
  for await (const prepared of oneAhead(prepareRecordings(clips, options, preparation))) {
    if (!prepared.ok) {
      evaluation.notTested.push(prepared.notTested);
      continue;
    }
    const { recording, models } = prepared;
    const ordinal = recordings++;
    const { file, source, label } = recording;
    for (const model of models) {
      for (const endpoint of options.endpoints) {
        const judgement = await postRecording(baseUrl, endpoint, model, recording);
        const check = { file, label, model: model.id, endpoint };
        if (judgement.ok) {
          const { score, passed } = judgement;
          evaluation.judged.push({ ...check, recording: ordinal, source, score, passed });
        } else {
          evaluation.notTested.push({ ...check, reason: judgement.reason });
          evaluation.hasFaults ||= judgement.isFault;
        }
      }
    }
  }
  return evaluation;
}
