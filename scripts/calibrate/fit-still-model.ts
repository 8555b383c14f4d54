import { canBeTrusted, stillMargin } from '../../workers/inference/still/judge-still.ts';
import type { StillModel } from '../../workers/inference/still/still-model.ts';
import { type Example, fitLogistic } from './fit-logistic.ts';
import type { PictureSample } from './picture-samples.ts';
import { isLive, isRecapture } from './split-sources.ts';

/**
 * Total weight of each class: the score is a probability where one recapture is tried for two genuine pictures. Of the rates
 * that were tried by leaving out one source of the half that is fitted, 1 to 1 refused half as many people again.
 */
const CLASS_WEIGHT = { live: 267, recapture: 133 };
const RIDGE = 1;

/** Fitted on what the rules before the weights let through, every source counting the same in its class. */
export function fitStillModel(samples: readonly PictureSample[]): StillModel {
  const trusted = samples.filter(({ face }) => face !== null && canBeTrusted(face));
  const [live, recaptures] = [trusted.filter(isLive), trusted.filter(isRecapture)];
  const examples = [
    ...examplesOf(live, CLASS_WEIGHT.live, true),
    ...examplesOf(recaptures, CLASS_WEIGHT.recapture, false),
  ];
  const { bias, weights } = fitLogistic(examples, RIDGE);
  const on = `pictures and frames of ${sourcesOf(live)} live and ${sourcesOf(recaptures)} recapture sources; others were held out`;
  return {
    bias: rounded(bias),
    weights: { margin: rounded(weights[0] ?? 0) },
    fitted: { on, livePictures: live.length, attackPictures: recaptures.length },
  };
}

function examplesOf(samples: readonly PictureSample[], total: number, positive: boolean): Example[] {
  const bySource = Map.groupBy(samples, ({ source }) => source);
  return [...bySource.values()].flatMap((own) =>
    own.flatMap(({ face }): Example[] => {
      const margin = face && stillMargin(face);
      const weight = total / bySource.size / own.length;
      return margin === null ? [] : [{ features: [margin], positive, weight }];
    }),
  );
}

function sourcesOf(samples: readonly PictureSample[]): number {
  return new Set(samples.map(({ source }) => source)).size;
}

function rounded(value: number): number {
  return Number(value.toFixed(5));
}
