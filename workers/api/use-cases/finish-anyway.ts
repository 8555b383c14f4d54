import type { Services } from '../services.ts';

/** Work that goes on when the client does not wait for its answer. Whoever waits hears of a failure; nobody else needs to. */
export function finishAnyway<Answer>({ later }: Pick<Services, 'later'>, work: Promise<Answer>): Promise<Answer> {
  later(
    work.then(
      () => undefined,
      () => undefined,
    ),
  );
  return work;
}
