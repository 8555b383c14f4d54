import { recordProgress, type SubmissionRow, type SubmissionStage } from '#shared/db/submissions.ts';
import type { VideoServices } from './process-video.ts';

/** Another delivery of the job has begun since, or it has ended. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Rows written cost money, and nobody polls more often than every second: a stage is told of in about ten steps. */
const STEPS = 10;

/** What a person who polls gets to see. Also how a delivery learns that it is not in charge any more. */
export class JobProgress {
  readonly #services: Pick<VideoServices, 'database' | 'nowMs'>;
  readonly #submission: SubmissionRow;
  #lastStep = '';

  constructor(services: Pick<VideoServices, 'database' | 'nowMs'>, submission: SubmissionRow) {
    this.#services = services;
    this.#submission = submission;
  }

  async tell(stage: SubmissionStage, done: number | null = null, total: number | null = null): Promise<void> {
    const step = `${stage} ${done === null || total === null ? '' : Math.floor((STEPS * done) / total)}`;
    if (step === this.#lastStep) return;
    this.#lastStep = step;
    const { database, nowMs } = this.#services;
    if (!(await recordProgress(database, this.#submission, { stage, done, total }, nowMs()))) throw new Superseded();
  }
}
