import type { ModelFamily } from '../../models/registry.ts';
import { fuse } from '../../workers/inference/fusion/fuse.ts';
import {
  type MotionFeature,
  motionFeatures,
  type TextureFeature,
  textureFeatures,
} from '../../workers/inference/fusion/fusion-features.ts';
import type { FusionModel } from '../../workers/inference/fusion/fusion-model.ts';
import { type Example, fitLogistic } from './fit-logistic.ts';
import type { Sample } from './samples.ts';

/** What each family weighs. Cues that a family does not name are measured and shown, and do not count. */
export const FAMILY_FEATURES: Record<ModelFamily, { texture: TextureFeature[]; motion: MotionFeature[] }> = {
  fast: { texture: ['margin'], motion: ['near', 'middle', 'wide'] },
  spatial: { texture: ['margin'], motion: ['near', 'middle', 'wide', 'wideSheet'] },
  'high-security': { texture: ['margin'], motion: ['near', 'middle', 'wide', 'middleSheet', 'wideSheet'] },
  'mixed-v2': { texture: ['margin'], motion: ['near', 'middle', 'wide', 'middleSheet', 'wideSheet'] },
  'mixed-legacy': { texture: ['margin'], motion: ['middle', 'wide'] },
  'hybrid-v2': { texture: ['margin'], motion: ['near', 'middle', 'wide', 'wideSheet', 'pulse'] },
  'temporal-physio': {
    texture: ['margin'],
    motion: ['near', 'middle', 'wide', 'middleSheet', 'wideSheet', 'blinkDepth'],
  },
};

/** Total weight of each class in a fit: how much more common genuine people are than attacks where this is used. */
export const CLASS_WEIGHT = { live: 300, attack: 100 } as const;
const RIDGE = 1;

export interface TrainingSet {
  live: readonly Sample[];
  /** Screens and prints before a camera: what texture is to tell. */
  recaptures: readonly Sample[];
  /** One picture that is made to move: what motion is to tell. */
  stills: readonly Sample[];
}

export function fitModel(model: string, family: ModelFamily, data: TrainingSet): FusionModel {
  const { texture, motion } = FAMILY_FEATURES[family];
  return {
    model,
    texture: fitSide(data.live, data.recaptures, texture, ({ evidence }) => textureFeatures(evidence)),
    motion: fitSide(data.live, data.stills, motion, ({ evidence }) => motionFeatures(evidence)),
    fitted: {
      on: describe(data),
      liveWindows: data.live.length,
      attackWindows: data.recaptures.length,
      stillWindows: data.stills.length,
    },
  };
}

function fitSide<Feature extends string>(
  live: readonly Sample[],
  attacks: readonly Sample[],
  features: readonly Feature[],
  read: (sample: Sample) => Record<Feature, number> | null,
): { bias: number; weights: Partial<Record<Feature, number>> } {
  const examples = [...weigh(live, CLASS_WEIGHT.live, true), ...weigh(attacks, CLASS_WEIGHT.attack, false)].flatMap(
    ({ sample, weight, positive }): Example[] => {
      const values = read(sample);
      return values ? [{ features: features.map((name) => values[name]), positive, weight }] : [];
    },
  );
  const fit = fitLogistic(examples, RIDGE);
  const rounded = (value: number) => Number(value.toFixed(5));
  const weights: Partial<Record<Feature, number>> = {};
  for (const [i, name] of features.entries()) weights[name] = rounded(fit.weights[i] ?? 0);
  return { bias: rounded(fit.bias), weights };
}

/** Every source counts the same, however many clips and windows it gave: it is one room, one camera, one person. */
function weigh(samples: readonly Sample[], total: number, positive: boolean) {
  const bySource = Map.groupBy(samples, ({ source, label }) => (positive ? source : `${source} ${label}`));
  return samples.map((sample) => {
    const own = bySource.get(positive ? sample.source : `${sample.source} ${sample.label}`)?.length ?? 1;
    return { sample, positive, weight: total / bySource.size / own };
  });
}

function describe({ live, recaptures }: TrainingSet): string {
  const sources = (samples: readonly Sample[]) => new Set(samples.map(({ source }) => source)).size;
  return `clips of ${sources(live)} live and ${sources(recaptures)} recapture sources, stills made of the live ones`;
}

/** The score that a model of the other sources gives: no source is judged by what it was fitted on. */
export function scoreWithoutOwnSource(
  samples: readonly Sample[],
  data: TrainingSet,
  model: string,
  family: ModelFamily,
): { sample: Sample; score: number; texture: number; motion: number }[] {
  const others = (list: readonly Sample[], source: string) => list.filter((sample) => sample.source !== source);
  const bySource = Map.groupBy(samples, ({ source }) => source);
  return [...bySource].flatMap(([source, own]) => {
    const fitted = fitModel(model, family, {
      live: others(data.live, source),
      recaptures: others(data.recaptures, source),
      stills: others(data.stills, source),
    });
    return own.map((sample) => {
      const { realScore, texture, motion } = fuse(sample.evidence, fitted);
      return { sample, score: realScore, texture, motion };
    });
  });
}
