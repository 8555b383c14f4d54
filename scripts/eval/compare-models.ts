import { MODELS, type ModelId } from '../../models/registry.ts';
import type { Endpoint, GroupSummary, JudgedWindow, Summary } from './summarise.ts';

/** How two models that were shown the same recordings differ. */
export interface Comparison {
  older: ModelId;
  newer: ModelId;
  endpoint: Endpoint;
  recordings: number;
  /** Verdicts that changed from the older to the newer, of people and of attacks. */
  people: { nowAccepted: number; nowRejected: number };
  attacks: { nowAccepted: number; nowRejected: number };
}

/** The pairs that can be compared: a legacy model, and the one that its users are told to change to, if it is as long. */
export function comparedPairs(tested: readonly ModelId[]): { older: ModelId; newer: ModelId }[] {
  return MODELS.flatMap((model) => {
    if (!model.deprecated || !tested.includes(model.id) || !tested.includes(model.suggestedModel)) return [];
    const newer = MODELS.find(({ id }) => id === model.suggestedModel);
    return newer?.minFrames === model.minFrames ? [{ older: model.id, newer: newer.id }] : [];
  });
}

/** Of the recordings that both have judged; null where there are none. */
export function compareModels(
  { older, newer }: { older: ModelId; newer: ModelId },
  endpoint: Endpoint,
  judged: readonly JudgedWindow[],
): Comparison | null {
  const of = (model: ModelId) => judged.filter((window) => window.model === model && window.endpoint === endpoint);
  const after = new Map(of(newer).map((window) => [window.recording, window]));
  const pairs = of(older).flatMap((before) => {
    const now = after.get(before.recording);
    return now ? [{ isLive: before.label === 'live', passed: before.passed, passesNow: now.passed }] : [];
  });
  if (pairs.length === 0) return null;
  const changed = (isLive: boolean) => {
    const own = pairs.filter((pair) => pair.isLive === isLive && pair.passed !== pair.passesNow);
    const nowAccepted = own.filter(({ passesNow }) => passesNow).length;
    return { nowAccepted, nowRejected: own.length - nowAccepted };
  };
  return { older, newer, endpoint, recordings: pairs.length, people: changed(true), attacks: changed(false) };
}

export function formatComparison(comparison: Comparison, summaries: readonly Summary[]): string[] {
  const { older, newer, endpoint, recordings, people, attacks } = comparison;
  const row = (model: ModelId) => {
    const summary = summaries.find((one) => one.model === model && one.endpoint === endpoint);
    const rates = [summary?.live, summary?.physical].map((group) => (group ? percent(group.wrong.rate) : '-'));
    for (const name of ['doctored', 'still'] as const) rates.push(rateOfAll(summary?.attacks[name] ?? []));
    const separation = summary?.againstPhysical;
    const figures = separation ? [separation.auc.toFixed(3), percent(separation.eer)] : ['-', '-'];
    return columns(model, [...rates, ...figures]);
  };
  return [
    '',
    `${older} and ${newer} at ${endpoint}, side by side; verdicts on the same ${recordings} recordings`,
    '',
    columns('', ['BPCER', 'APCER', 'doctored', 'stills', 'AUC', 'EER']),
    row(older),
    row(newer),
    '',
    `  changed verdicts: people ${people.nowAccepted} now accepted, ${people.nowRejected} now rejected; ` +
      `attacks ${attacks.nowRejected} now rejected, ${attacks.nowAccepted} now accepted`,
  ];
}

function rateOfAll(groups: readonly GroupSummary[]): string {
  const sum = (of: 'errors' | 'trials') => groups.reduce((total, { wrong }) => total + wrong[of], 0);
  return groups.length === 0 ? '-' : percent(sum('errors') / sum('trials'));
}

function columns(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(10)).join('')}`.trimEnd();
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
