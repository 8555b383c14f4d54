import { seededRandom } from '../../shared/testing/seeded-random.ts';
import type { Interval } from './error-rate.ts';

export interface ScoredWindow {
  source: string;
  isLive: boolean;
  score: number;
}

type Statistic = (live: readonly number[], attacks: readonly number[]) => number;

const REPLICATES = 2_000;
const SEED = 1;

/**
 * How much a statistic depends on which sources happened to be there: 95 % of what it comes to when sources are drawn anew,
 * each with all its windows, for windows of one source share a room, a camera and a person. A draw that lacks a class is
 * drawn again. null where one class has a single source, for then nothing can be said. The same data give the same interval.
 */
export function bootstrapSources(windows: readonly ScoredWindow[], statistic: Statistic): Interval | null {
  const sources = [...Map.groupBy(windows, ({ source }) => source).values()].map((own) => ({
    live: own.filter(({ isLive }) => isLive).map(({ score }) => score),
    attacks: own.filter(({ isLive }) => !isLive).map(({ score }) => score),
  }));
  const withLive = sources.filter(({ live }) => live.length > 0).length;
  const withAttacks = sources.filter(({ attacks }) => attacks.length > 0).length;
  if (withLive < 2 || withAttacks < 2) return null;
  const random = seededRandom(SEED);
  const values: number[] = [];
  while (values.length < REPLICATES) {
    const drawn = sources.flatMap(() => sources[Math.floor(random() * sources.length)] ?? []);
    const live = drawn.flatMap((source) => source.live);
    const attacks = drawn.flatMap((source) => source.attacks);
    if (live.length > 0 && attacks.length > 0) values.push(statistic(live, attacks));
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
