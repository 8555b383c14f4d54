import { beforeAll, describe, expect, it } from 'vitest';
import { comparisonsOf } from '#shared/lib/frame-pairs.ts';
import type { CompareRequest, KnownMotion } from '#shared/rpc/inference.ts';
import { gate } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';
import { booksOfSession, inSession, NONE, NOTHING_ON_DISK, ONE_OF_EACH } from './testing/in-session.ts';
import { frameAt, requestsOf, span } from './testing/session-requests.ts';

beforeAll(seedDatabase);

const stub = stubInference();
const ORDER = span(0, 10).map((index) => `frame ${index}`);
const SHUFFLED = [7, 2, 9, 0, 5, 3, 8, 1, 6, 4];
const GOOD = { ok: true, judgement: JUDGEMENT } as const;
const BROKEN = { ok: false, reason: 'broken' } as const;
const named = ({ first, second, mayBend }: Omit<KnownMotion, 'motion'>) => `${first}-${second}-${mayBend}`;

/** The comparison that brings this frame in, or those that bring in any, waits; the others do not. */
function holdingComparisons(isHeld: (request: CompareRequest) => boolean) {
  const { opened, open } = gate();
  const compareFaces = async (request: CompareRequest) => {
    if (isHeld(request)) await opened;
    return stub.service.compareFaces(request);
  };
  return { compareFaces, open };
}

describe('the verdict of a session', () => {
  it('falls with the last frame, on the frames in their order, and is everybody’s from then on', () =>
    inSession(async ({ work, inference, onDisk }) => {
      const { session, add, begin } = requestsOf();
      for (const [count, index] of SHUFFLED.slice(0, 9).entries()) {
        expect(await work.add(add([index]))).toMatchObject({ progress: { framesReceived: count + 1, ttlSeconds: 60 } });
      }
      expect(await booksOfSession(session.sessionId)).toEqual(NONE);
      const last = await work.add(add([4]));
      expect(last).toMatchObject({ result: { verdict: 'live', frames_processed: 10, processing_ms: 70 } });
      expect(inference.judgedPictures()).toEqual([ORDER]);
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      expect(work.progress()).toBeNull();
      for (const index of [0, 4, 9]) {
        expect(await work.begin(begin(index))).toEqual(last);
        expect(await work.add(add([index]))).toEqual(last);
      }
      expect(inference.judged).toHaveLength(1);
      expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
    }));

  it('is one, whoever of all those that come at once is the last, and all of them get it', () =>
    inSession(async ({ work, inference, onDisk }) => {
      const { session, add } = requestsOf();
      const all = [...SHUFFLED, ...SHUFFLED, ...SHUFFLED];
      const answers = await Promise.all(all.map((index) => work.add(add([index]))));
      expect(answers[0]).toMatchObject({ result: { verdict: 'live' } });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(inference.judgedPictures()).toEqual([ORDER]);
      expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
    }));

  it('is waited for by whoever asks while it is being found', async () => {
    const { opened, open } = gate();
    const judge = async () => {
      await opened;
      return GOOD;
    };
    await inSession(
      async ({ work }) => {
        const { add, begin } = requestsOf();
        await work.add(add(span(0, 9)));
        const asking = [work.add(add([9])), work.begin(begin(9)), work.begin(begin(2)), work.add(add([2]))];
        setTimeout(open, 50);
        const [last, ...others] = await Promise.all(asking);
        expect(last).toMatchObject({ result: { verdict: 'live' } });
        for (const other of others) expect(other).toEqual(last);
      },
      { judge },
    );
  });

  it('of another door is another one', () =>
    inSession(async ({ work, live, inference }) => {
      const stream = requestsOf();
      const upload = requestsOf({ door: 'upload', sessionId: stream.session.sessionId });
      const streamed = await work.add(stream.add(span(0, 10)));
      expect(await work.begin(upload.begin(0))).toMatchObject({ wanted: [0] });
      expect(await work.add(upload.add(span(0, 10)))).toMatchObject({ progress: { framesReceived: 10 } });
      const uploaded = await work.conclude(upload.conclude());
      expect(inference.judged).toHaveLength(2);
      for (const life of [work, await live()]) {
        expect(await life.begin(stream.begin(0))).toEqual(streamed);
        expect(await life.conclude(upload.conclude())).toEqual(uploaded);
      }
    }));
});

describe('comparisons', () => {
  it('are made once, ahead, and known at the judgement but for those of the last frame', () =>
    inSession(async ({ work, inference }) => {
      const { add } = requestsOf();
      for (const index of SHUFFLED) await Promise.all([work.add(add([index])), work.add(add([index]))]);
      const planned = comparisonsOf(10).filter(({ first, second }) => first !== 4 && second !== 4);
      const known = inference.judged[0]?.motions ?? [];
      expect(known.map(named).toSorted()).toEqual(planned.map(named).toSorted());
      expect(known.every(({ motion }) => motion?.beyondPlane === 1)).toBe(true);
      expect(inference.compared.flatMap(({ pairs }) => pairs)).toHaveLength(planned.length);
    }));

  it.each([
    ['throw', () => Promise.reject(new Error('gone'))],
    ['are refused', async () => ({ ok: false, reason: 'no memory' }) as const],
  ])('that %s are left to the judgement, and no frame is lost', (_name, compareFaces) =>
    inSession(
      async ({ work, live, inference }) => {
        const { add } = requestsOf();
        for (const index of span(0, 9)) await work.add(add([index]));
        const next = await live();
        expect(next.progress()).toMatchObject({ framesReceived: 9 });
        expect(await next.add(add([9]))).toMatchObject({ result: { verdict: 'live' } });
        expect(inference.judged[0]?.motions).toEqual([]);
      },
      { compareFaces },
    ),
  );

  it('under way when the verdict falls leave nothing behind, and their frame gets the verdict', async () => {
    const faceOf8 = frameAt(8).evidence.face?.patch;
    const { compareFaces, open } = holdingComparisons(({ pairs }) =>
      pairs.some(({ second }) => second.patch[0] === faceOf8?.[0] && second.patch[1] === faceOf8?.[1]),
    );
    await inSession(
      async ({ work, onDisk }) => {
        const { add } = requestsOf();
        for (const index of span(0, 8)) await work.add(add([index]));
        const late = work.add(add([8]));
        const last = await work.add(add([9]));
        expect(last).toMatchObject({ result: { frames_processed: 10 } });
        open();
        expect(await late).toEqual(last);
        expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      },
      { compareFaces },
    );
  });
});

describe('a verdict that does not come about', () => {
  it('drops the last frame only, and nothing is charged', async () => {
    let fails = true;
    const judge = async () => (fails ? BROKEN : GOOD);
    await inSession(
      async ({ work, live }) => {
        const { session, add, begin } = requestsOf();
        await work.add(add(span(0, 9)));
        await expect(work.add(add([9]))).rejects.toMatchObject({ error: { code: 'service_unavailable' } });
        expect(await work.begin(begin(8, 9))).toMatchObject({ wanted: [9], progress: { framesReceived: 9 } });
        expect((await live()).progress()).toMatchObject({ framesReceived: 9 });
        expect(await booksOfSession(session.sessionId)).toEqual(NONE);
        fails = false;
        expect(await work.add(add([9]))).toMatchObject({ result: { verdict: 'live' } });
        expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
      },
      { judge },
    );
  });

  it('fails all who wait for it, and each may come again', async () => {
    let calls = 0;
    const judge = async () => (calls++ === 0 ? BROKEN : GOOD);
    await inSession(
      async ({ work }) => {
        const { session, add } = requestsOf();
        await work.add(add(span(0, 9)));
        const failed = await Promise.allSettled([work.add(add([9])), work.add(add([9])), work.add(add([1]))]);
        expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
        expect(calls).toBe(1);
        const again = await Promise.all([work.add(add([9])), work.add(add([9]))]);
        expect(again[0]).toMatchObject({ result: { verdict: 'live' } });
        expect([again[1], calls]).toEqual([again[0], 2]);
        expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
      },
      { judge },
    );
  });

  it('because another life was quicker is that one’s', async () => {
    const scores = [0.95, 0.1];
    const { opened, open } = gate();
    const judge = async () => {
      const realScore = scores.shift() ?? 0;
      if (realScore === 0.95) await opened;
      return { ok: true, judgement: { ...JUDGEMENT, realScore } } as const;
    };
    await inSession(
      async ({ work, live, onDisk }) => {
        const { session, add } = requestsOf();
        await work.add(add(span(0, 9)));
        const other = await live();
        const slow = work.add(add([9]));
        const quick = await other.add(add([9]));
        expect(quick).toMatchObject({ result: { verdict: 'fake', real_score: 0.1 } });
        open();
        expect(await slow).toEqual(quick);
        expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
        expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      },
      { judge },
    );
  });
});
