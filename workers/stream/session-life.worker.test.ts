import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompareRequest } from '#shared/rpc/inference.ts';
import { gate } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';
import { booksOfSession, inSession, NOTHING_ON_DISK, ONE_OF_EACH } from './testing/in-session.ts';
import { frameAt, requestsOf, span } from './testing/session-requests.ts';

beforeAll(seedDatabase);

const GOOD = { ok: true, judgement: JUDGEMENT } as const;
const stub = stubInference();

/** The first comparison waits, those after it do not. */
function holdingFirstComparison() {
  const { opened, open } = gate();
  let isFirst = true;
  const compareFaces = async (request: CompareRequest) => {
    const isHeld = isFirst;
    isFirst = false;
    if (isHeld) await opened;
    return stub.service.compareFaces(request);
  };
  return { compareFaces, open };
}

describe('frames are kept', () => {
  it('for a minute after the last of them, and then nothing is', () =>
    inSession(async ({ work, clock, onDisk }) => {
      const startMs = clock.nowMs;
      const { session, add, begin } = requestsOf();
      await work.add(add([0]));
      expect(await onDisk()).toEqual({ keys: ['facts', 'frame:0'], alarm: startMs + 60_000 });
      clock.nowMs += 45_000;
      expect(await work.add(add([1]))).toMatchObject({ progress: { ttlSeconds: 60, openedAtMs: startMs } });
      clock.nowMs += 15_000;
      expect(work.progress()).toMatchObject({ framesReceived: 2, ttlSeconds: 45 });
      await work.expire();
      expect(await onDisk()).toEqual({ keys: ['facts', 'frame:0', 'frame:1'], alarm: startMs + 105_000 });
      clock.nowMs = startMs + 104_999;
      await work.expire();
      expect(work.progress()).toMatchObject({ framesReceived: 2, ttlSeconds: 1 });
      clock.nowMs += 1;
      await work.expire();
      expect(work.progress()).toBeNull();
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);

      // From the beginning, also with another model and other pictures.
      const anew = requestsOf({ modelId: 'mixed-10-v2', sessionId: session.sessionId });
      expect(await work.begin(begin(0))).toMatchObject({ wanted: [0], progress: { framesReceived: 0 } });
      const other = { ...anew.add([]), frames: [frameAt(0, { digest: 'another' })] };
      expect(await work.add(other)).toMatchObject({ progress: { framesReceived: 1, openedAtMs: clock.nowMs } });
      expect(await onDisk()).toEqual({ keys: ['facts', 'frame:0'], alarm: clock.nowMs + 60_000 });
    }));

  it('while another is analysed', () =>
    inSession(async ({ work, clock }) => {
      const { add, begin } = requestsOf();
      await work.add(add([0]));
      clock.nowMs += 50_000;
      await work.begin(begin(1));
      clock.nowMs += 20_000;
      await work.expire();
      expect(await work.add(add([1]))).toMatchObject({ progress: { framesReceived: 2 } });
    }));

  it('no longer than that by a comparison that is under way', async () => {
    const { compareFaces, open } = holdingFirstComparison();
    await inSession(
      async ({ work, clock, onDisk }) => {
        const { add } = requestsOf();
        await work.add(add([0]));
        const late = work.add(add([1]));
        expect(await work.add(add([5]))).toMatchObject({ progress: { framesReceived: 3 } });
        clock.nowMs += 60_000;
        await work.expire();
        open();
        expect(await late).toMatchObject({ progress: { framesReceived: 0 } });
        expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      },
      { compareFaces },
    );
  });

  it('not by an alarm that rings after the verdict', () =>
    inSession(async ({ work, onDisk }) => {
      const { add, begin } = requestsOf();
      await work.begin(begin(0));
      await work.add(add(span(0, 10)));
      await work.expire();
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
    }));
});

describe('an alarm that rings while the verdict is being found', () => {
  it.each([
    ['early', 0],
    ['when time is up', 60_000],
  ])('%s: the verdict is given, and nothing is left', async (_name, afterMs) => {
    let ring = async () => {};
    const judge = async () => {
      await ring();
      return GOOD;
    };
    await inSession(
      async ({ work, clock, onDisk }) => {
        const { session, add, begin } = requestsOf();
        await work.add(add(span(0, 9)));
        ring = async () => {
          clock.nowMs += afterMs;
          await work.expire();
        };
        const last = await work.add(add([9]));
        expect(last).toMatchObject({ result: { verdict: 'live', frames_processed: 10 } });
        expect(await work.begin(begin(0))).toEqual(last);
        expect(await onDisk()).toEqual(NOTHING_ON_DISK);
        expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
      },
      { judge },
    );
  });
});

describe('the next life of the object', () => {
  it('knows every frame, what was said with them and what was compared', () =>
    inSession(async ({ work, live, inference, clock, onDisk }) => {
      const { session, add, begin } = requestsOf();
      await work.add(add([0], { source: 'live', fps: 30, warnings: ['dark'], metadata: { order: 7 } }));
      for (const index of span(1, 9)) await work.add(add([index], index === 4 ? { warnings: ['far'] } : {}));
      const { compared } = inference;
      const comparedBefore = compared.length;
      clock.nowMs += 30_000;

      const next = await live();
      expect(next.progress()).toMatchObject({ framesReceived: 9, framesRequired: 10, ttlSeconds: 30 });
      expect(await next.begin(begin(3, 9))).toMatchObject({ wanted: [9], nearestFace: { contentHash: 'frame 8' } });
      const other = { ...begin(), frames: [{ index: 3, digest: 'another' }] };
      await expect(next.begin(other)).rejects.toMatchObject({ error: { code: 'session_conflict' } });
      const otherModel = { ...begin(9), choice: { ...session.choice, modelId: 'mixed-10' as const } };
      await expect(next.begin(otherModel)).rejects.toMatchObject({ error: { fields: [{ field: 'model' }] } });

      expect(await next.add(add([9]))).toMatchObject({ result: { verdict: 'live', warnings: ['dark', 'far'] } });
      const [judged] = inference.judged;
      expect(judged?.fps).toBe(30);
      expect(judged?.evidence.map(({ face }) => face?.contentHash)).toEqual(span(0, 10).map((i) => `frame ${i}`));
      // The last frame is yet to be compared, with this one among others.
      expect(judged?.evidence[4]?.face?.patch).toEqual(frameAt(4).evidence.face?.patch);
      expect(judged?.evidence[3]?.face?.patch).toHaveLength(0);
      expect(judged?.motions).toHaveLength(compared.flatMap(({ pairs }) => pairs).length);
      expect(compared).toHaveLength(comparedBefore);
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
      const row = await env.DB.prepare('SELECT source, metadata FROM verifications WHERE session_id = ?')
        .bind(session.sessionId)
        .first();
      expect(row).toEqual({ source: 'live', metadata: '{"order":7}' });
    }));

  it('forgets at the same time as the one before would have', () =>
    inSession(async ({ work, live, clock, onDisk }) => {
      const { add } = requestsOf();
      await work.add(add([0]));
      clock.nowMs += 59_999;
      const next = await live();
      await next.expire();
      expect(next.progress()).toMatchObject({ framesReceived: 1 });
      clock.nowMs += 1;
      await next.expire();
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
    }));

  it('knows what frames that came at once have said, whichever was written last', async () => {
    const { compareFaces, open } = holdingFirstComparison();
    await inSession(
      async ({ work, live }) => {
        const { add } = requestsOf();
        await work.add(add([0]));
        const slow = work.add(add([1], { warnings: ['slow'] }));
        await work.add(add([5], { warnings: ['quick'] }));
        open();
        await slow;
        const next = await live();
        expect(await next.add(add([2, 3, 4, 6, 7, 8, 9]))).toMatchObject({ result: { warnings: ['slow', 'quick'] } });
      },
      { compareFaces },
    );
  });

  it('knows a frame that was answered for before the first was', async () => {
    const { compareFaces, open } = holdingFirstComparison();
    await inSession(
      async ({ work, live }) => {
        const { add } = requestsOf();
        const slow = work.add(add([0, 1]));
        expect(await work.add(add([5]))).toMatchObject({ progress: { framesReceived: 3 } });
        expect((await live()).progress()).toMatchObject({ framesReceived: 1 });
        open();
        await slow;
        expect((await live()).progress()).toMatchObject({ framesReceived: 3 });
      },
      { compareFaces },
    );
  });
});
