import { beforeAll, describe, expect, it } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT } from '#shared/testing/stub-inference.ts';
import { inSession, NOTHING_ON_DISK } from './testing/in-session.ts';
import { requestsOf, span } from './testing/session-requests.ts';

beforeAll(seedDatabase);

describe('uploaded frames whose verdict did not come about', () => {
  it('are kept for another minute, so that it can be asked for again', async () => {
    let fails = true;
    const judge = async () =>
      fails ? ({ ok: false, reason: 'broken' } as const) : ({ ok: true, judgement: JUDGEMENT } as const);
    await inSession(
      async ({ work, clock, onDisk }) => {
        const { add, conclude } = requestsOf({ door: 'upload' });
        await work.add(add(span(0, 10)));
        clock.nowMs += 59_000;
        await expect(work.conclude(conclude())).rejects.toMatchObject({ error: { code: 'service_unavailable' } });
        clock.nowMs += 59_000;
        await work.expire();
        expect(work.progress()).toMatchObject({ framesReceived: 10, ttlSeconds: 1 });
        fails = false;
        expect(await work.conclude(conclude())).toMatchObject({ verdict: 'live', frames_processed: 10 });
        expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      },
      { judge },
    );
  });

  it('because there are too few are kept no longer than without', () =>
    inSession(async ({ work, clock }) => {
      const { add, conclude } = requestsOf({ door: 'upload' });
      await work.add(add(span(0, 9)));
      clock.nowMs += 59_000;
      await expect(work.conclude(conclude())).rejects.toMatchObject({ error: { received: 9 } });
      clock.nowMs += 1_000;
      await work.expire();
      expect(work.progress()).toBeNull();
    }));
});
