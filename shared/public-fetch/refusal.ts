export type FetchProblem =
  | 'invalid_url'
  | 'not_https'
  | 'not_public'
  | 'unresolvable'
  | 'too_many_redirects'
  | 'bad_redirect'
  | 'bad_status'
  | 'wrong_type'
  | 'too_large'
  | 'too_slow'
  | 'unreachable';

/** Why a URL is not fetched. The message may be shown: it names the host, never path or query, where signatures stand. */
export interface Refusal {
  ok: false;
  problem: FetchProblem;
  message: string;
  /** Whether the same URL may do better a little later. */
  isTransient: boolean;
}

/** What a body that was good at first ends with. */
export class PublicFetchFailure extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'PublicFetchFailure';
    this.refusal = refusal;
  }
}

export function refusal(problem: FetchProblem, message: string): Refusal {
  return { ok: false, problem, message, isTransient: false };
}

export function transientRefusal(problem: FetchProblem, message: string): Refusal {
  return { ok: false, problem, message, isTransient: true };
}
