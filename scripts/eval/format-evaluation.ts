import { recordingPace } from '../../models/recording-pace.ts';
import { comparedPairs, compareModels, formatComparison } from './compare-models.ts';
import type { EvalOptions } from './eval-options.ts';
import type { Evaluation, NotTested } from './evaluate.ts';
import { formatSummary } from './format-summary.ts';
import { ENDPOINTS, type Summary } from './summarise.ts';

const NOTES = `
Not tested for conformance with ISO/IEC 30107-3, iBeta or CEN/TS 18099; only their terms are used: APCER, attacks that get in;
BPCER, people who are turned away. Intervals of rates count windows, and windows of one clip are alike: they are the least
that is uncertain. Intervals of AUC and EER draw sources anew (2000 draws, seeded).`;

/** Everything that is printed. */
export function formatEvaluation(
  summaries: readonly Summary[],
  { notTested, judged }: Pick<Evaluation, 'notTested' | 'judged'>,
  options: Pick<EvalOptions, 'models' | 'fps'>,
): string {
  const tables = summaries.flatMap((summary) => {
    const model = options.models.find(({ id }) => id === summary.model);
    return formatSummary(summary, options.fps ?? recordingPace(model?.minFrames ?? 0));
  });
  return [...tables, ...comparisonLines(summaries, judged), ...notTestedLines(notTested), NOTES, ''].join('\n');
}

function comparisonLines(summaries: readonly Summary[], judged: Evaluation['judged']): string[] {
  return comparedPairs([...new Set(summaries.map(({ model }) => model))]).flatMap((pair) =>
    ENDPOINTS.flatMap((endpoint) => {
      const comparison = compareModels(pair, endpoint, judged);
      return comparison ? formatComparison(comparison, summaries) : [];
    }),
  );
}

function notTestedLines(notTested: readonly NotTested[]): string[] {
  if (notTested.length === 0) return [];
  const filesOf = (all: readonly NotTested[]) => [...new Set(all.map(({ file }) => file))].join(', ');
  const groups = Map.groupBy(notTested, ({ model, endpoint, reason }) =>
    [model, endpoint && `at ${endpoint}`, reason].filter(Boolean).join(' '),
  );
  const lines = [...groups].map(([reason, all]) => `  ${reason}: ${all.length}, of ${filesOf(all)}`);
  return ['', `Not tested, and in none of the numbers: ${notTested.length}`, '', ...lines];
}
