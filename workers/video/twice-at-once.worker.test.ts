import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnalyseRequest } from '#shared/rpc/inference.ts';
import { gate } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';
import { VideoRefused } from './decoder/video-refused.ts';
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

const stub = stubInference();

/** Waits at the n-th frame until it is let go on. */
function waitingAtFrame(n: number) {
  const { opened, open } = gate();
  const reached = gate();
  let frames = 0;
  const analyseFrames = async (request: AnalyseRequest) => {
    if (++frames === n) {
      reached.open();
      await opened;
    }
    return await stub.service.analyseFrames(request);
  };
  return { inference: { analyseFrames }, reached: reached.opened, goOn: open };
}

function waitingAtJudgement() {
  const { opened, open } = gate();
  const reached = gate();
  const judge = async () => {
    reached.open();
    await opened;
    return { ok: true, judgement: JUDGEMENT } as const;
  };
  return { inference: { judge }, reached: reached.opened, goOn: open };
}

describe('two deliveries of one job', () => {
  it('at once come to one verdict and one charge', async () => {
    for (let round = 0; round < 10; round++) {
      const row = await filmSubmitted();
      const outcomes = await Promise.all(
        [1, 1, 2].map((attempts) => deliver(jobServices().services, row.id, { attempts })),
      );
      // Whoever reads a recording that another has just done away with comes again, and finds the job ended.
      if (outcomes.includes('retried')) expect(await deliver(jobServices().services, row.id)).toBe('acked');
      expect((await reread(row)).status).toBe('completed');
      expect(await booksOf(row)).toEqual(ONE_OF_EACH);
    }
  });

  it('are told of by the later one: the earlier notices, leaves the recording where it is and is done', async () => {
    const row = await filmSubmitted();
    const [slow, quick] = [waitingAtFrame(3), waitingAtFrame(9)];
    const earlier = deliver(jobServices({}, slow.inference).services, row.id);
    await slow.reached;
    const later = deliver(jobServices({}, quick.inference).services, row.id, { attempts: 2 });
    await quick.reached;
    slow.goOn();
    expect(await earlier).toBe('acked');
    expect(await booksOf(row)).toEqual({ ...NOTHING, objects: 1 });
    quick.goOn();
    expect(await later).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'completed', attempts: 2 });
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });

  it('may both have a judgement: the first to store it gives it', async () => {
    const row = await filmSubmitted();
    const [slow, other] = [waitingAtJudgement(), waitingAtJudgement()];
    const earlier = deliver(jobServices({}, slow.inference).services, row.id);
    await slow.reached;
    const later = deliver(jobServices({}, other.inference).services, row.id, { attempts: 2 });
    await other.reached;
    slow.goOn();
    expect(await earlier).toBe('acked');
    const ended = await reread(row);
    expect(ended.status).toBe('completed');
    other.goOn();
    expect(await later).toBe('acked');
    expect([await reread(row), await booksOf(row)]).toEqual([ended, ONE_OF_EACH]);
  });

  it('of which one refuses the film: what is failed is not charged for', async () => {
    const row = await filmSubmitted();
    const slow = waitingAtJudgement();
    const earlier = deliver(jobServices({}, slow.inference).services, row.id);
    await slow.reached;
    const refused = { failure: { after: 0, error: new VideoRefused('damaged', 'The video is damaged.') } };
    expect(await deliver(jobServices(refused).services, row.id, { attempts: 2 })).toBe('acked');
    slow.goOn();
    expect(await earlier).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'failed', error: 'The video is damaged.' });
    expect(await booksOf(row)).toEqual(NOTHING);
  });

  it('of which one completes: what is charged for has not failed', async () => {
    const row = await filmSubmitted();
    const refused = {
      timesMs: [0],
      failure: { after: 1, error: new VideoRefused('damaged', 'The video is damaged.') },
    };
    const slow = waitingAtFrame(1);
    const earlier = deliver(jobServices(refused, slow.inference).services, row.id);
    await slow.reached;
    expect(await deliver(jobServices().services, row.id, { attempts: 2 })).toBe('acked');
    slow.goOn();
    expect(await earlier).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'completed', error: null });
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });
});

describe('a dead letter', () => {
  it('fails the submission, for nothing, and the recording goes', async () => {
    const row = await filmSubmitted();
    const analyseFrames = async () => ({ ok: false, reason: 'a fault' }) as const;
    for (const attempts of [1, 2, 3]) {
      expect(await deliver(jobServices({}, { analyseFrames }).services, row.id, { attempts })).toBe('retried');
    }
    const { services, logged } = jobServices();
    expect(await bury(services, row.id)).toBe('acked');
    expect(await reread(row)).toMatchObject({
      status: 'failed',
      attempts: 3,
      error:
        'The video could not be processed in three attempts. Nothing was charged; submit it again, or in another format.',
    });
    expect(await booksOf(row)).toEqual(NOTHING);
    expect(logged).toMatchObject([{ event: 'video_job_given_up', submission: row.id }]);
  });

  it('takes nothing back from one that has completed meanwhile', async () => {
    const row = await filmSubmitted();
    await deliver(jobServices().services, row.id);
    const ended = await reread(row);
    expect(await bury(jobServices().services, row.id)).toBe('acked');
    expect([await reread(row), await booksOf(row)]).toEqual([ended, ONE_OF_EACH]);
  });

  it('of nobody’s is done with, and one that cannot be written down comes again', async () => {
    expect(await bury(jobServices().services, crypto.randomUUID())).toBe('acked');
    const row = await filmSubmitted();
    const { services } = jobServices();
    const recordings = new Proxy(env.VIDEOS, {
      get: (target, name) =>
        name === 'delete' ? () => Promise.reject(new Error('R2 is away')) : Reflect.get(target, name),
    });
    expect(await bury({ ...services, recordings }, row.id)).toBe('retried');
    expect(await bury(services, row.id)).toBe('acked');
    expect(await booksOf(row)).toEqual(NOTHING);
  });
});
