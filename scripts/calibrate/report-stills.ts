import { canBeTrusted, judgeStill } from '../../workers/inference/still/judge-still.ts';
import type { StillModel } from '../../workers/inference/still/still-model.ts';
import { areaUnderRoc } from '../eval/roc.ts';
import type { PictureSample } from './picture-samples.ts';
import { isLive, isRecapture } from './split-sources.ts';

const THRESHOLD = 0.65;

/** How many of each kind the model takes for live, and of how many the rules before its weights did not let it judge. */
export function reportStills(title: string, samples: readonly PictureSample[], model: StillModel): string {
  const scores = (list: readonly PictureSample[]) =>
    list.flatMap(({ face }) => (face && canBeTrusted(face) ? judgeStill(face, model).realScore : []));
  const auc = areaUnderRoc(scores(samples.filter(isLive)), scores(samples.filter(isRecapture)));
  const kinds = Map.groupBy(samples, kindOf);
  return [
    `${title}: AUC of live against recaptures ${auc.toFixed(3)}, of what could be judged`,
    ...[...kinds].sort().map(([kind, list]) => lineOf(kind, list, model)),
  ].join('\n');
}

function lineOf(kind: string, samples: readonly PictureSample[], model: StillModel): string {
  const faces = samples.flatMap(({ face }) => face ?? []);
  const trusted = faces.filter(canBeTrusted);
  const passed = faces.filter((face) => judgeStill(face, model).realScore >= THRESHOLD);
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const sources = new Set(samples.map(({ source }) => source)).size;
  return (
    `    ${kind.padEnd(44)} ${passed.length} of ${samples.length} accepted (${share(passed.length, samples.length)}), ` +
    `${share(passed.length, trusted.length)} of the ${trusted.length} that could be judged; ` +
    `no face in ${samples.length - faces.length}; ${sources} sources`
  );
}

function kindOf({ label, isFrame }: PictureSample): string {
  return `${label}, ${isFrame ? 'frames of clips' : 'pictures'}`;
}
