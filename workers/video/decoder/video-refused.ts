export type VideoProblem =
  | 'not_a_video'
  | 'no_video'
  | 'unsupported_codec'
  | 'too_long'
  | 'too_large'
  | 'too_many_frames'
  | 'too_few_frames'
  | 'too_demanding'
  | 'damaged';

/** The clip itself is at fault, so trying again is of no use. The message is for whoever integrates the API. */
export class VideoRefused extends Error {
  readonly problem: VideoProblem;

  constructor(problem: VideoProblem, message: string) {
    super(message);
    this.name = 'VideoRefused';
    this.problem = problem;
  }
}
