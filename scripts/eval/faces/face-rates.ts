import { seededRandom } from '../../../shared/testing/seeded-random.ts';
import type { Interval } from '../error-rate.ts';
import type { Comparison, Pair } from './compare-photographs.ts';

const REPLICATES = 400;
const SEED = 1;

/** The cosine that `rate` of the unrelated pairs reach; just above it, fewer do. */
export function cosineAtRate(unrelated: readonly Pair[], rate: number): number {
  const sorted = Float64Array.from(unrelated, ({ cosine }) => cosine).sort();
  const place = sorted.length - 1 - Math.floor(rate * sorted.length);
  return sorted[Math.max(0, place)] ?? Number.NaN;
}

export function shareAbove(pairs: readonly Pair[], cosine: number): number {
  return pairs.filter((pair) => pair.cosine > cosine).length / pairs.length;
}

/** Genuine pairs accepted where so many of the unrelated ones are, too. */
export function acceptedAtRate({ genuine, unrelated }: Comparison, rate: number): number {
  return shareAbove(genuine, cosineAtRate(unrelated, rate));
}

export function firstRightShare({ firstIsRight }: Pick<Comparison, 'firstIsRight'>): number {
  return firstIsRight.filter(({ isRight }) => isRight).length / firstIsRight.length;
}

/**
 * 95 % of what a rate comes to when people are drawn anew: pairs of one person stand and fall together, and a few people are many
 * pairs. A pair counts as often as both of its people were drawn. The same data give the same interval.
 */
export function bootstrapPeople(comparison: Comparison, statistic: (drawn: Comparison) => number): Interval {
  const people = [...new Set(comparison.firstIsRight.map(({ person }) => person))];
  const random = seededRandom(SEED);
  const values: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const times = new Map<string, number>();
    for (const _ of people) {
      const person = people[Math.floor(random() * people.length)] ?? '';
      times.set(person, (times.get(person) ?? 0) + 1);
    }
    const timesOf = (person: string) => times.get(person) ?? 0;
    values.push(
      statistic({
        genuine: repeated(comparison.genuine, ({ first }) => timesOf(first)),
        unrelated: repeated(comparison.unrelated, ({ first, second }) => timesOf(first) * timesOf(second)),
        firstIsRight: repeated(comparison.firstIsRight, ({ person }) => timesOf(person)),
      }),
    );
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}

function repeated<Item>(items: readonly Item[], timesOf: (item: Item) => number): Item[] {
  return items.flatMap((item) => Array<Item>(timesOf(item)).fill(item));
}
