import { MODELS } from '../../models/registry.ts';
import type { ErrorRate, Interval } from './error-rate.ts';
import type { GroupSummary, Separation, Summary } from './summarise.ts';

const NAME_WIDTH = 30;

/** One model at one endpoint, as lines of a table. */
export function formatSummary(summary: Summary, fps: number): string[] {
  const { model, endpoint, live, attacks, physical } = summary;
  const frames = MODELS.find(({ id }) => id === model)?.minFrames ?? 0;
  return [
    '',
    `${model} at ${endpoint}: ${frames} frames, about ${fps} a second, threshold 0.65`,
    '',
    ...table('people', 'rejected', 'BPCER', live ? [live] : []),
    ...table('before the camera', 'accepted', 'APCER', physical ? [...attacks.physical, physical] : []),
    ...worstLine(attacks.physical),
    ...table('doctored files', 'accepted', 'APCER', attacks.doctored),
    ...table('other attacks', 'accepted', 'APCER', attacks.other),
    ...table('stills, injected', 'accepted', 'APCER', attacks.still),
    ...separationLine('live against physical', summary.againstPhysical),
    ...separationLine('live against doctored', summary.againstDoctored),
  ];
}

function table(title: string, wrong: string, rate: string, rows: readonly GroupSummary[]): string[] {
  if (rows.length === 0) return [];
  const head = columns(title, ['windows', 'clips', 'sources', wrong, rate], '95 % (Wilson)');
  return [head, ...rows.map(formatRow), ''];
}

function formatRow({ name, clips, sources, wrong }: GroupSummary): string {
  const numbers = [wrong.trials, clips, sources, wrong.errors].map(String);
  return columns(name, [...numbers, percent(wrong.rate)], formatInterval(wrong.interval, percent));
}

function columns(name: string, cells: readonly string[], last: string): string {
  return `  ${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(10)).join('')}   ${last}`.trimEnd();
}

/** The standard reports the type of attack that does best, for an attacker may choose. */
function worstLine(types: readonly GroupSummary[]): string[] {
  const rateOf = ({ wrong }: { wrong: ErrorRate }) => wrong.rate;
  const worst = types.toSorted((a, b) => rateOf(b) - rateOf(a))[0];
  return worst ? [`  highest APCER of a physical type: ${percent(worst.wrong.rate)} (${worst.name})`, ''] : [];
}

function separationLine(what: string, separation: Separation | null): string[] {
  if (separation === null) return [];
  const { auc, aucInterval, eer, eerInterval } = separation;
  const ratio = (value: number) => value.toFixed(3);
  const bounds = (interval: Interval | null, format: (value: number) => string) =>
    interval ? formatInterval(interval, format) : 'too few sources for an interval';
  return [
    `  ${what}: AUC ${ratio(auc)} (${bounds(aucInterval, ratio)}), EER ${percent(eer)} (${bounds(eerInterval, percent)})`,
  ];
}

function formatInterval({ low, high }: Interval, format: (value: number) => string): string {
  return `${format(low)} to ${format(high)}`;
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
