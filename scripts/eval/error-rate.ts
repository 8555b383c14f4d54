export interface Interval {
  low: number;
  high: number;
}

/** Wrong decisions among all, as ISO/IEC 30107-3 counts them: attacks let in (APCER) or people turned away (BPCER). */
export interface ErrorRate {
  errors: number;
  trials: number;
  rate: number;
  interval: Interval;
}

/** The two-sided 95 % point of the normal distribution. */
const Z = 1.959964;

export function errorRate(errors: number, trials: number): ErrorRate {
  return { errors, trials, rate: errors / trials, interval: wilsonInterval(errors, trials) };
}

/** Wilson's score interval: honest at 0 and 1 too, where the normal approximation would give no width at all. */
export function wilsonInterval(errors: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const rate = errors / trials;
  const shrink = 1 + Z ** 2 / trials;
  const middle = (rate + Z ** 2 / (2 * trials)) / shrink;
  const half = (Z / shrink) * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2));
  return { low: errors === 0 ? 0 : middle - half, high: errors === trials ? 1 : middle + half };
}
