import type { WeightKey } from './manifest.ts';

export type ModelFamily =
  | 'fast'
  | 'spatial'
  | 'high-security'
  | 'mixed-v2'
  | 'mixed-legacy'
  | 'hybrid-v2'
  | 'temporal-physio';

/** Words of `X-Model-Version`. A word and a `frame_count` select the one row that lists the word and has that many frames. */
export type ModelVersion = 'latest' | 'v1' | 'v2' | 'v3_1_1' | 'fast';

interface Family {
  title: string;
  description: string;
  needsFps: boolean;
}

interface Row {
  id: string;
  family: ModelFamily;
  minFrames: number;
  creditsPerCheck: number;
  versions: readonly ModelVersion[];
  /** Named on a deprecated model only: what to use instead. */
  suggestedModel?: string;
}

/** The day from which the legacy mixed models may be gone (ISO date, as `Sunset` announces it). */
const LEGACY_SUNSET = '2027-06-30';

const FAMILIES = {
  fast: {
    title: 'Fast anti-spoofing',
    description:
      'The quickest answer: skin texture and motion over ten frames. People who hold very still are refused more often.',
    needsFps: false,
  },
  spatial: {
    title: 'Spatial',
    description: 'Skin texture and motion, gathered over a longer recording.',
    needsFps: false,
  },
  'high-security': {
    title: 'High security',
    description: 'The longest recording and the most evidence, for checks where a wrong pass costs more than waiting.',
    needsFps: false,
  },
  'mixed-v2': {
    title: 'Mixed v2',
    description:
      'Weighs skin texture, also by a network trained on screens and prints, and how the face moves. Longer variants see more.',
    needsFps: false,
  },
  'mixed-legacy': {
    title: 'Mixed (legacy)',
    description: 'Kept for integrations that pinned it. Change to the suggested -v2 model before the sunset date.',
    needsFps: false,
  },
  'hybrid-v2': {
    title: 'Hybrid v2',
    description:
      'Skin texture as in mixed v2, and motion; with the fps that must be sent a pulse is looked for and shown, not weighed.',
    needsFps: true,
  },
  'temporal-physio': {
    title: 'Temporal physio v3.1.1',
    description: 'Skin texture as in mixed v2, motion, and how far the eyes close.',
    needsFps: false,
  },
} as const satisfies Record<ModelFamily, Family>;

const ROWS = [
  { id: '10', family: 'fast', minFrames: 10, creditsPerCheck: 1, versions: [] },
  { id: '50', family: 'spatial', minFrames: 50, creditsPerCheck: 1, versions: [] },
  { id: '250', family: 'high-security', minFrames: 250, creditsPerCheck: 2, versions: [] },
  { id: 'mixed-10-v2', family: 'mixed-v2', minFrames: 10, creditsPerCheck: 1, versions: ['latest', 'v2', 'fast'] },
  { id: 'mixed-30-v2', family: 'mixed-v2', minFrames: 30, creditsPerCheck: 1, versions: ['latest', 'v2'] },
  { id: 'mixed-60-v2', family: 'mixed-v2', minFrames: 60, creditsPerCheck: 1, versions: ['latest', 'v2'] },
  { id: 'mixed-90-v2', family: 'mixed-v2', minFrames: 90, creditsPerCheck: 1, versions: ['latest', 'v2'] },
  { id: 'mixed-120-v2', family: 'mixed-v2', minFrames: 120, creditsPerCheck: 2, versions: ['latest', 'v2'] },
  { ...legacy(10), id: 'mixed-10', creditsPerCheck: 1, suggestedModel: 'mixed-10-v2' },
  { ...legacy(30), id: 'mixed-30', creditsPerCheck: 1, suggestedModel: 'mixed-30-v2' },
  { ...legacy(60), id: 'mixed-60', creditsPerCheck: 1, suggestedModel: 'mixed-60-v2' },
  { ...legacy(90), id: 'mixed-90', creditsPerCheck: 1, suggestedModel: 'mixed-90-v2' },
  { ...legacy(120), id: 'mixed-120', creditsPerCheck: 2, suggestedModel: 'mixed-120-v2' },
  { ...legacy(150), id: 'mixed-150', creditsPerCheck: 2, suggestedModel: 'mixed-120-v2' },
  { ...legacy(250), id: 'mixed-250', creditsPerCheck: 2, suggestedModel: 'mixed-120-v2' },
  { id: 'hybrid-v2-50', family: 'hybrid-v2', minFrames: 50, creditsPerCheck: 1, versions: [] },
  { id: 'hybrid-v2-150', family: 'hybrid-v2', minFrames: 150, creditsPerCheck: 1, versions: [] },
  { id: 'mixed-30-v3_1_1', family: 'temporal-physio', minFrames: 30, creditsPerCheck: 1, versions: ['v3_1_1'] },
  { id: 'mixed-60-v3_1_1', family: 'temporal-physio', minFrames: 60, creditsPerCheck: 1, versions: ['v3_1_1'] },
  { id: 'mixed-120-v3_1_1', family: 'temporal-physio', minFrames: 120, creditsPerCheck: 2, versions: ['v3_1_1'] },
] as const satisfies readonly Row[];

function legacy<Frames extends number>(minFrames: Frames) {
  return { family: 'mixed-legacy', minFrames, versions: ['v1'] } as const;
}

export type ModelId = (typeof ROWS)[number]['id'];

export type RegisteredModel = {
  id: ModelId;
  label: string;
  description: string;
  family: ModelFamily;
  minFrames: number;
  creditsPerCheck: number;
  needsFps: boolean;
  /** `X-Model-Version`/`frame_count` pairs that resolve to it. */
  aliases: readonly string[];
  /** Weights that must be running sessions before a check can be judged. */
  weights: readonly WeightKey[];
} & ({ deprecated: false } | { deprecated: true; sunset: string; suggestedModel: ModelId });

const EVIDENCE_WEIGHTS = [
  'face-detector',
  'texture-liveness',
  'texture-recapture',
  'face-landmarks',
] as const satisfies readonly WeightKey[];

/** Every model the public API knows, in the order in which it is listed. */
export const MODELS: readonly RegisteredModel[] = ROWS.map((row) => {
  const { title, description, needsFps } = FAMILIES[row.family];
  const { id, family, minFrames, creditsPerCheck } = row;
  const label = `${title}, ${minFrames} frames`;
  const aliases = row.versions.map((version) => modelAlias(version, minFrames));
  const shared = { id, label, description, family, minFrames, creditsPerCheck, needsFps, aliases };
  return 'suggestedModel' in row
    ? {
        ...shared,
        weights: EVIDENCE_WEIGHTS,
        deprecated: true,
        sunset: LEGACY_SUNSET,
        suggestedModel: row.suggestedModel,
      }
    : { ...shared, weights: EVIDENCE_WEIGHTS, deprecated: false };
});

/** How a pair of `X-Model-Version` and `frame_count` is written; the listing and the resolving both go through it. */
export function modelAlias(version: string, frameCount: number): string {
  return `${version}/${frameCount}`;
}

export const DEFAULT_MODEL_ID: ModelId = '10';
