import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { VideoRefused } from './decoder/video-refused.ts';
import { faultyServices } from './testing/faulty-services.ts';
import {
  booksOf,
  bury,
  deliver,
  filmSubmitted,
  jobServices,
  NOTHING,
  ONE_OF_EACH,
  reread,
} from './testing/film-job.ts';

beforeAll(seedDatabase);

/** How many calls of ports one delivery without a fault makes. */
async function callsOf(clip = {}): Promise<number> {
  const { services, calls } = faultyServices(jobServices(clip).services, env.DB, 0, 'before');
  await deliver(services, (await filmSubmitted()).id);
  return calls();
}

const REFUSED = { failure: { after: 3, error: new VideoRefused('damaged', 'The video is damaged.') } };

describe.each(['before', 'after'] as const)('a crash %s any one step', (fault) => {
  it('of a job leaves one verdict, one charge and no recording, once it is delivered again', async () => {
    const total = await callsOf();
    // begin, head, read, open, ten frames twice, progress, judge, charge, delete: less would mean that a port is not watched.
    expect(total).toBeGreaterThan(35);
    for (let at = 1; at <= total; at++) {
      const row = await filmSubmitted();
      const crashing = faultyServices(jobServices().services, env.DB, at, fault);
      const first = await deliver(crashing.services, row.id);
      expect([at, first]).toEqual([at, 'retried']);
      const { services } = jobServices();
      expect([at, await deliver(services, row.id, { attempts: 2 })]).toEqual([at, 'acked']);
      expect([at, (await reread(row)).status, await booksOf(row)]).toEqual([at, 'completed', ONE_OF_EACH]);
    }
  }, 120_000);

  it('of a job that never gets better leaves a failed submission that cost nothing, or a verdict that was there', async () => {
    const total = await callsOf();
    for (let at = 1; at <= total; at++) {
      const row = await filmSubmitted();
      const deliveries = [1, 2, 3].map(
        (attempts) => async () =>
          deliver(faultyServices(jobServices().services, env.DB, at, fault).services, row.id, { attempts }),
      );
      const outcomes = [];
      for (const attempt of deliveries) outcomes.push(await attempt());
      if (outcomes.at(-1) !== 'acked') expect([at, await bury(jobServices().services, row.id)]).toEqual([at, 'acked']);
      const { status } = await reread(row);
      const books = await booksOf(row);
      expect([at, status, books]).toEqual([at, status, status === 'completed' ? ONE_OF_EACH : NOTHING]);
      expect(['completed', 'failed']).toContain(status);
    }
  }, 120_000);

  it('of one whose film is refused leaves it failed, for nothing', async () => {
    const total = await callsOf(REFUSED);
    for (let at = 1; at <= total; at++) {
      const row = await filmSubmitted();
      await deliver(faultyServices(jobServices(REFUSED).services, env.DB, at, fault).services, row.id);
      expect([at, await deliver(jobServices(REFUSED).services, row.id, { attempts: 2 })]).toEqual([at, 'acked']);
      expect([at, (await reread(row)).error, await booksOf(row)]).toEqual([at, 'The video is damaged.', NOTHING]);
    }
  }, 120_000);
});
