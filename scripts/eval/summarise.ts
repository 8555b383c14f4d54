import type { ModelId } from '../../models/registry.ts';
import { bootstrapSources } from './bootstrap-sources.ts';
import { type ErrorRate, errorRate, type Interval } from './error-rate.ts';
import { type LabelClass, labelClass } from './label-class.ts';
import { areaUnderRoc, equalErrorRate } from './roc.ts';

export const ENDPOINTS = ['fast-check', 'fast-check-crops'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One recording that the service has judged. */
export interface JudgedWindow {
  model: ModelId;
  endpoint: Endpoint;
  /** The same for every model that was shown this recording. */
  recording: number;
  file: string;
  source: string;
  label: string;
  score: number;
  /** The verdict of the service, which is at 0.65. */
  passed: boolean;
}

/** Windows that are counted together. `wrong` is APCER for attacks, BPCER for people. */
export interface GroupSummary {
  name: string;
  clips: number;
  sources: number;
  wrong: ErrorRate;
}

/** Live against a kind of attack, whatever the threshold. Intervals are over sources; null where there are too few. */
export interface Separation {
  auc: number;
  aucInterval: Interval | null;
  eer: number;
  eerInterval: Interval | null;
}

export interface Summary {
  model: ModelId;
  endpoint: Endpoint;
  live: GroupSummary | null;
  /** One for each label. */
  attacks: Record<Exclude<LabelClass, 'live'>, GroupSummary[]>;
  physical: GroupSummary | null;
  againstPhysical: Separation | null;
  againstDoctored: Separation | null;
}

/** What the windows of one model at one endpoint come to; null when there are none. */
export function summarise(model: ModelId, endpoint: Endpoint, judged: readonly JudgedWindow[]): Summary | null {
  const own = judged.filter((window) => window.model === model && window.endpoint === endpoint);
  if (own.length === 0) return null;
  const byClass = Map.groupBy(own, ({ label }) => labelClass(label));
  const of = (name: LabelClass) => byClass.get(name) ?? [];
  const byLabel = (name: LabelClass) =>
    [...Map.groupBy(of(name), ({ label }) => label)].flatMap(([label, windows]) => groupSummary(label, windows) ?? []);
  return {
    model,
    endpoint,
    live: groupSummary('live', of('live')),
    attacks: {
      physical: byLabel('physical'),
      doctored: byLabel('doctored'),
      still: byLabel('still'),
      other: byLabel('other'),
    },
    physical: groupSummary('all physical', of('physical')),
    againstPhysical: separation(of('live'), of('physical')),
    againstDoctored: separation(of('live'), of('doctored')),
  };
}

function groupSummary(name: string, windows: readonly JudgedWindow[]): GroupSummary | null {
  if (windows.length === 0) return null;
  const wrong = windows.filter(({ label, passed }) => passed !== (label === 'live')).length;
  return {
    name,
    clips: new Set(windows.map(({ file }) => file)).size,
    sources: new Set(windows.map(({ source }) => source)).size,
    wrong: errorRate(wrong, windows.length),
  };
}

function separation(live: readonly JudgedWindow[], attacks: readonly JudgedWindow[]): Separation | null {
  if (live.length === 0 || attacks.length === 0) return null;
  const scores = (windows: readonly JudgedWindow[]) => windows.map(({ score }) => score);
  const windows = [...live, ...attacks].map(({ source, label, score }) => ({
    source,
    isLive: label === 'live',
    score,
  }));
  return {
    auc: areaUnderRoc(scores(live), scores(attacks)),
    aucInterval: bootstrapSources(windows, areaUnderRoc),
    eer: equalErrorRate(scores(live), scores(attacks)),
    eerInterval: bootstrapSources(windows, equalErrorRate),
  };
}
