import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startFaceFinder } from './face-finder.ts';
import type { Answer, Asked } from './worker-protocol.ts';

const SCRIPT = new URL('https://liveness.example/find-face.js');

class FakeWorker extends EventTarget {
  static last: FakeWorker;
  readonly asked: Asked[] = [];
  readonly terminate = vi.fn<() => void>();

  constructor() {
    super();
    FakeWorker.last = this;
  }

  postMessage(asked: Asked): void {
    this.asked.push(asked);
  }

  answer(kind: Asked['question']['kind'], answer: Answer): void {
    const id = this.asked.find(({ question }) => question.kind === kind)?.id;
    this.dispatchEvent(new MessageEvent('message', { data: { id, answer } }));
  }
}

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('location', { origin: SCRIPT.origin });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('an answer that is overtaken by the next one still reaches whoever asked', async () => {
  const finder = startFaceFinder(SCRIPT);
  const crops = finder.collect();
  const loaded = finder.load();
  FakeWorker.last.answer('load', { kind: 'loaded' });
  await loaded;
  FakeWorker.last.answer('collect', { kind: 'collected', crops: [{ index: 0, pixels: 'x' }] });
  expect(await crops).toEqual([{ index: 0, pixels: 'x' }]);
});

test('one failure of the worker ends all that is asked of it, now and later', async () => {
  const finder = startFaceFinder(SCRIPT);
  const crops = finder.collect();
  const loaded = finder.load();
  FakeWorker.last.answer('load', { kind: 'failed', reason: '404' });
  await expect(crops).rejects.toMatchObject({ code: 'weights_failed', message: '404' });
  await expect(loaded).rejects.toMatchObject({ code: 'weights_failed' });
  await expect(finder.load()).rejects.toMatchObject({ code: 'weights_failed' });
});

test('closed, it answers nobody who still waits, and the worker is gone', async () => {
  const finder = startFaceFinder(SCRIPT);
  const loaded = finder.load();
  finder.close();
  await expect(loaded).rejects.toMatchObject({ code: 'weights_failed' });
  expect(FakeWorker.last.terminate).toHaveBeenCalled();
});
