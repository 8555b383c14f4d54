import { expect, test } from 'vitest';
import type { AnalyseRequest, AnalyseResult } from '#shared/rpc/inference.ts';
import { GOOD_FACE } from '#shared/testing/stub-inference.ts';
import { GROUP_BYTES } from './check-limits.ts';
import { PictureAnalysis } from './picture-analysis.ts';

const evidence = { version: 1, kind: 'frame', width: 1, height: 1, face: GOOD_FACE } as const;

/** Calls that are answered one by one, when the test says so. */
function setUp() {
  const calls: { request: AnalyseRequest; answer: (result?: AnalyseResult) => void }[] = [];
  const settled: number[] = [];
  const analysis = new PictureAnalysis({
    inference: {
      analyseFrames: (request) =>
        new Promise((resolve) => {
          const good = { ok: true, outcomes: request.pictures.map(() => ({ ok: true, evidence }) as const) } as const;
          calls.push({ request, answer: (result = { ...good, outcomes: [...good.outcomes] }) => resolve(result) });
        }),
    },
    kind: 'frame',
    nowMs: () => 0,
    onOutcome: (ordinal) => settled.push(ordinal),
  });
  const sizes = () => calls.map(({ request }) => request.pictures.length);
  return { analysis, calls, settled, sizes };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const bytes = (length: number) => new Uint8Array(length);

test('whoever adds waits while a call runs and the next is full', async () => {
  const { analysis, calls, sizes } = setUp();
  for (let i = 0; i < 5; i++) await analysis.add(i, bytes(10));
  let added = false;
  const sixth = analysis.add(5, bytes(10)).then(() => {
    added = true;
  });
  await settle();
  expect([added, sizes()]).toEqual([false, [1]]);
  calls[0]?.answer();
  await sixth;
  expect(sizes()).toEqual([1, 4]);
});

test('large pictures fill a call sooner, and one is sent however large it is', async () => {
  const { analysis, calls, settled, sizes } = setUp();
  const adding = (async () => {
    const lengths = [1, GROUP_BYTES / 2, GROUP_BYTES / 2, 1, GROUP_BYTES * 3, 1];
    for (const [ordinal, length] of lengths.entries()) await analysis.add(ordinal, bytes(length));
    await analysis.finish();
  })();
  for (let i = 0; i < 5; i++) {
    await settle();
    calls[i]?.answer();
  }
  await adding;
  expect(sizes()).toEqual([1, 2, 1, 1, 1]);
  expect(settled).toEqual([0, 1, 2, 3, 4, 5]);
});

test('after a failure nothing more is sent, and everybody hears of it', async () => {
  const { analysis, calls, sizes } = setUp();
  for (let i = 0; i < 3; i++) await analysis.add(i, bytes(10));
  calls[0]?.answer({ ok: false, reason: 'broken' });
  await expect(analysis.finish()).rejects.toThrow('could not be carried out');
  await expect(analysis.add(3, bytes(10))).rejects.toThrow('could not be carried out');
  expect(sizes()).toEqual([1]);
});

test('what has not been sent when it is stopped never is', async () => {
  const { analysis, calls, sizes } = setUp();
  for (let i = 0; i < 4; i++) await analysis.add(i, bytes(10));
  analysis.stop();
  calls[0]?.answer();
  await analysis.finish();
  expect(sizes()).toEqual([1]);
});
