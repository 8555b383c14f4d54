import type { ModelFamily } from '../../models/registry.ts';
import { fuse } from '../../workers/inference/fusion/fuse.ts';
import {
  CONTINUITY_FEATURES,
  continuityFeatures,
  type MotionFeature,
  motionFeatures,
  type TextureFeature,
  textureFeatures,
} from '../../workers/inference/fusion/fusion-features.ts';
import type { FusionModel } from '../../workers/inference/fusion/fusion-model.ts';
import { type Example, fitLogistic } from './fit-logistic.ts';
import type { Sample } from './samples.ts';

const MOTION = ['near', 'middle', 'wide', 'middleSheet', 'wideSheet'] as const satisfies MotionFeature[];
const COMMON = { texture: ['margin'], motion: MOTION, textureOfPictures: false } as const;
/** With the network that was trained on recaptures, beside the general one: each is surer where the other is not. */
const TRAINED = { texture: ['margin', 'recapture'], motion: MOTION, textureOfPictures: true } as const;

/**
 * What each family weighs. Cues that a family does not name are measured and shown, and do not count. Of the pulse no family
 * makes use yet: stills are not drawn frame by frame here, so a fit would learn that only the living are measured.
 */
interface FamilyFeatures {
  texture: readonly TextureFeature[];
  motion: readonly MotionFeature[];
  /** Whether texture is fitted on single pictures as well: they come of more sources of attacks than the clips do. */
  textureOfPictures: boolean;
}

export const FAMILY_FEATURES: Record<ModelFamily, FamilyFeatures> = {
  fast: COMMON,
  spatial: COMMON,
  'high-security': COMMON,
  'mixed-v2': TRAINED,
  'mixed-legacy': COMMON,
  'hybrid-v2': TRAINED,
  'temporal-physio': { ...TRAINED, motion: [...MOTION, 'blinkDepth'] },
};

/**
 * Total weight of live recordings and of attacks in the fit of each side: how often each attack is taken to be tried for one
 * genuine check. The score is then a probability under just these rates, for 1 / (1 + sum of e^-side) is Bayes' rule for
 * attacks that exclude each other. A still is the cheapest attack there is; a show of several photographs of one person takes
 * some doing.
 */
export const CLASS_WEIGHT = {
  texture: { live: 345, attack: 55 },
  motion: { live: 295, attack: 105 },
  continuity: { live: 385, attack: 15 },
} as const;
/** Kinds that overlap with people who hold still. At full weight they would have these refused, and pass all the same. */
const KIND_WEIGHT: Record<string, number> = {
  'still: bent': 0.25,
  'still: bent, handheld': 0.25,
  'still: crushed': 0.25,
  'still: very noisy': 0.5,
};
const RIDGE = 1;

export interface TrainingSet {
  live: readonly Sample[];
  /** Screens and prints before a camera: what texture is to tell. */
  recaptures: readonly Sample[];
  /** Single pictures of people, and of screens and prints: they have texture, and nothing else. */
  pictures: { live: readonly Sample[]; recaptures: readonly Sample[] };
  /** One picture that is made to move: what motion is to tell. */
  stills: readonly Sample[];
  /** Several pictures in turn: what continuity is to tell. */
  slideShows: readonly Sample[];
}

export function fitModel(model: string, family: ModelFamily, data: TrainingSet): FusionModel {
  const { texture, motion, textureOfPictures } = FAMILY_FEATURES[family];
  const pictures = textureOfPictures ? data.pictures : { live: [], recaptures: [] };
  const live = [...data.live, ...pictures.live];
  const recaptures = [...data.recaptures, ...pictures.recaptures];
  return {
    model,
    texture: fitSide('texture', live, recaptures, texture, ({ evidence }) => textureFeatures(evidence)),
    motion: fitSide('motion', data.live, data.stills, motion, ({ evidence }) => motionFeatures(evidence)),
    continuity: fitSide('continuity', data.live, data.slideShows, CONTINUITY_FEATURES, ({ evidence }) =>
      continuityFeatures(evidence),
    ),
    fitted: {
      on: describe(data) + (textureOfPictures ? ', texture on single pictures, too' : ''),
      liveWindows: data.live.length,
      attackWindows: data.recaptures.length,
      stillWindows: data.stills.length,
      slideShows: data.slideShows.length,
    },
  };
}

function fitSide<Feature extends string>(
  side: keyof typeof CLASS_WEIGHT,
  live: readonly Sample[],
  attacks: readonly Sample[],
  features: readonly Feature[],
  read: (sample: Sample) => Record<Feature, number> | null,
): { bias: number; weights: Partial<Record<Feature, number>> } {
  const weight = CLASS_WEIGHT[side];
  const examples = [...weigh(live, weight.live, true), ...weigh(attacks, weight.attack, false)].flatMap(
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
  // Pictures and clips of one source are of other people and cameras more often than not.
  const groupOf = ({ source, label, frameCount }: Sample) =>
    `${source}${positive ? '' : ` ${label}`}${frameCount === 1 ? ' picture' : ''}`;
  const bySource = Map.groupBy(samples, groupOf);
  return samples.map((sample) => {
    const own = bySource.get(groupOf(sample))?.length ?? 1;
    const kind = KIND_WEIGHT[sample.label] ?? 1;
    return { sample, positive, weight: (kind * total) / bySource.size / own };
  });
}

function describe({ live, recaptures }: TrainingSet): string {
  const sources = (samples: readonly Sample[]) => new Set(samples.map(({ source }) => source)).size;
  return `clips of ${sources(live)} live and ${sources(recaptures)} recapture sources, stills made of the live ones`;
}

export interface Scored {
  sample: Sample;
  score: number;
  texture: number;
  motion: number;
  continuity: number;
}

/** The score that a model of the other sources gives: no source is judged by what it was fitted on. */
export function scoreWithoutOwnSource(
  samples: readonly Sample[],
  data: TrainingSet,
  model: string,
  family: ModelFamily,
): Scored[] {
  const others = (list: readonly Sample[], source: string) => list.filter((sample) => sample.source !== source);
  const bySource = Map.groupBy(samples, ({ source }) => source);
  return [...bySource].flatMap(([source, own]) => {
    const fitted = fitModel(model, family, {
      live: others(data.live, source),
      recaptures: others(data.recaptures, source),
      pictures: { live: others(data.pictures.live, source), recaptures: others(data.pictures.recaptures, source) },
      stills: others(data.stills, source),
      slideShows: others(data.slideShows, source),
    });
    return own.map((sample) => {
      const { realScore, texture, motion, continuity } = fuse(sample.evidence, fitted);
      return { sample, score: realScore, texture, motion, continuity };
    });
  });
}
