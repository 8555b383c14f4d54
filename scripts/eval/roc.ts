/**
 * How well scores keep live and attacks apart, whatever the threshold: the share of pairs in which the live one has the
 * higher score, a tie counting half.
 */
export function areaUnderRoc(live: readonly number[], attacks: readonly number[]): number {
  let won = 0;
  let attacksBelow = 0;
  for (const step of stepsOf(live, attacks)) {
    won += step.live * (attacksBelow + step.attacks / 2);
    attacksBelow += step.attacks;
  }
  return won / (live.length * attacks.length);
}

/**
 * The rate at the threshold where as large a share of attacks gets in as of people is turned away. Between two thresholds
 * the curve is taken as straight.
 */
export function equalErrorRate(live: readonly number[], attacks: readonly number[]): number {
  let before = { rejected: 0, accepted: 1 };
  for (const step of stepsOf(live, attacks)) {
    const after = {
      rejected: before.rejected + step.live / live.length,
      accepted: before.accepted - step.attacks / attacks.length,
    };
    if (after.rejected >= after.accepted) {
      const gapBefore = before.accepted - before.rejected;
      const share = gapBefore / (gapBefore + after.rejected - after.accepted);
      return before.rejected + share * (after.rejected - before.rejected);
    }
    before = after;
  }
  return Number.NaN;
}

/** How many of each have a score, from the lowest score up. */
function stepsOf(live: readonly number[], attacks: readonly number[]): { live: number; attacks: number }[] {
  const steps = new Map<number, { live: number; attacks: number }>();
  const stepAt = (score: number) => {
    const step = steps.get(score) ?? { live: 0, attacks: 0 };
    steps.set(score, step);
    return step;
  };
  for (const score of live) stepAt(score).live++;
  for (const score of attacks) stepAt(score).attacks++;
  return [...steps].sort(([a], [b]) => a - b).map(([, step]) => step);
}
