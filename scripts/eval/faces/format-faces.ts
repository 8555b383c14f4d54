import { cosineFrom, MATCH_FROM_SCORE } from '../../../models/face-score.ts';
import type { Interval } from '../error-rate.ts';
import { type Comparison, comparePhotographs } from './compare-photographs.ts';
import type { EmbeddedPhotograph } from './embed-photographs.ts';
import { acceptedAtRate, bootstrapPeople, cosineAtRate, firstRightShare, shareAbove } from './face-rates.ts';

const ONE_IN_A_THOUSAND = 1e-3;
/** Scores whose rates are told: 0.5 is where a match begins. */
const SCORES = [0.3, 0.4, MATCH_FROM_SCORE, 0.6, 0.7, 0.8, 0.9] as const;

/** What was found on these photographs, for both modes. */
export function formatFaces(photographs: readonly EmbeddedPhotograph[]): string {
  const people = new Set(photographs.map(({ person }) => person)).size;
  const unclear = photographs.filter(({ complaints }) => complaints.length > 0).length;
  return [
    `${people} people, ${photographs.length} photographs; ${unclear} of them (${percent(unclear / photographs.length)}) would be refused at enrolment`,
    ...formatMode('ACCURATE', comparePhotographs(photographs, 'flipped')),
    ...formatMode('FAST', comparePhotographs(photographs, 'single')),
  ].join('\n');
}

function formatMode(mode: string, comparison: Comparison): string[] {
  const { genuine, unrelated } = comparison;
  const accepted = (drawn: Comparison) => acceptedAtRate(drawn, ONE_IN_A_THOUSAND);
  return [
    '',
    `${mode}: ${genuine.length} genuine pairs, ${unrelated.length} unrelated ones`,
    `  accepted at one false match in 1,000   ${withInterval(accepted(comparison), bootstrapPeople(comparison, accepted))}   (cosine ${cosineAtRate(unrelated, ONE_IN_A_THOUSAND).toFixed(3)})`,
    `  rank-1, each against all others        ${withInterval(firstRightShare(comparison), bootstrapPeople(comparison, firstRightShare))}`,
    '  score          genuine pairs reach it   unrelated pairs do',
    ...SCORES.map((score) => formatScore(score, comparison)),
  ];
}

function formatScore(score: number, { genuine, unrelated }: Comparison): string {
  const cosine = cosineFrom(score);
  const rate = shareAbove(unrelated, cosine);
  const frequency = rate === 0 ? 'none' : `${(rate * 1000).toFixed(2)} in 1,000`;
  return `  ${score.toFixed(1)} (${cosine.toFixed(3)})    ${percent(shareAbove(genuine, cosine)).padStart(10)}               ${frequency}`;
}

function withInterval(rate: number, { low, high }: Interval): string {
  return `${percent(rate).padStart(7)}  (95 % of people drawn anew: ${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
