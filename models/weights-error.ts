/** Which way preparing went wrong: not to be had, not the pinned tarball, a file not in it, one of ours not there, a file not as pinned. */
export type WeightsProblem = 'unavailable' | 'wrong_integrity' | 'not_in_tarball' | 'missing' | 'wrong_sha256';

export class WeightsError extends Error {
  readonly problem: WeightsProblem;

  constructor(problem: WeightsProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WeightsError';
    this.problem = problem;
  }
}
