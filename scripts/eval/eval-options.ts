import { parseArgs } from 'node:util';
import { MODELS, type RegisteredModel } from '../../models/registry.ts';
import { ENDPOINTS, type Endpoint } from './summarise.ts';

export const EVAL_USAGE = `npm run eval -- DIR [--models a,b | all] [--fps 15] [--windows 3]
                    [--endpoint fast-check | fast-check-crops | both] [--json FILE]

DIR holds manifest.tsv: file, label, source, anything else, parted by tabs, under a line of headings.
Labels: live, or spoof_ and a type (spoof_replay_phone, spoof_print_photo, spoof_deepfake). Other rows are left out.
Without --fps, recordings of up to 30 frames are taken at about 15 a second, longer ones at 30.
`;

/** Each with its legacy twin, which keeps the older texture model: what the newer one changes is seen on the same recordings. */
const DEFAULT_MODELS = 'mixed-10,mixed-10-v2,mixed-30,mixed-30-v2';
const DEFAULT_WINDOWS = '3';

export interface EvalOptions {
  directory: string;
  models: RegisteredModel[];
  fps: number | null;
  /** Recordings of one clip at most. */
  windows: number;
  endpoints: readonly Endpoint[];
  jsonFile: string | null;
}

export class EvalUsage extends Error {}

export function readEvalOptions(args: readonly string[]): EvalOptions {
  const { values, positionals } = parse(args);
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0) throw new EvalUsage('Name one folder');
  return {
    directory,
    models: modelsOf(values.models ?? DEFAULT_MODELS),
    fps: values.fps === undefined ? null : numberOf('fps', values.fps, (fps) => fps > 0 && fps <= 30, '0 to 30'),
    windows: numberOf('windows', values.windows ?? DEFAULT_WINDOWS, (n) => Number.isInteger(n) && n > 0, '1 or more'),
    endpoints: endpointsOf(values.endpoint ?? 'both'),
    jsonFile: values.json ?? null,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { models: text, fps: text, windows: text, endpoint: text, json: text };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new EvalUsage(error instanceof Error ? error.message : String(error));
  }
}

function modelsOf(text: string): RegisteredModel[] {
  if (text === 'all') return [...MODELS];
  return [...new Set(text.split(','))].map((id) => {
    const model = MODELS.find((known) => known.id === id);
    if (model) return model;
    throw new EvalUsage(`There is no model "${id}". There are: ${MODELS.map((known) => known.id).join(', ')}`);
  });
}

function endpointsOf(text: string): readonly Endpoint[] {
  if (text === 'both') return ENDPOINTS;
  const endpoint = ENDPOINTS.find((known) => known === text);
  if (endpoint) return [endpoint];
  throw new EvalUsage(`--endpoint is ${ENDPOINTS.join(', ')} or both, not "${text}"`);
}

function numberOf(name: string, text: string, isFit: (value: number) => boolean, range: string): number {
  const value = Number(text);
  if (text.trim() !== '' && isFit(value)) return value;
  throw new EvalUsage(`--${name} is ${range}, not "${text}"`);
}
