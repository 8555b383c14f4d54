import { describe, expect, it } from 'vitest';
import { MODELS } from '#models/registry.ts';
import { comparisonsOf } from '#shared/lib/frame-pairs.ts';
import type { KnownMotion } from '#shared/rpc/inference.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { frameAt, span, withoutFace } from './testing/session-requests.ts';

const RECEIVED = { receivedAtMs: 1_000 };

function bufferOf(indices: readonly number[], minFrames = 10): FrameBuffer {
  const buffer = new FrameBuffer({ minFrames });
  for (const index of indices) buffer.add({ ...frameAt(index), ...RECEIVED });
  return buffer;
}

const motion = (first: number, second: number, beyondPlane = 1): KnownMotion => ({
  first,
  second,
  mayBend: false,
  motion: { beyondPlane, beyondSheet: 1 },
});
const named = ({ first, second, mayBend }: Omit<KnownMotion, 'motion'>) => `${first}-${second}-${mayBend}`;

/** In an order that is neither forwards nor backwards; 7 is prime to every number of frames that a model takes. */
const shuffled = (count: number) => span(0, count).map((i) => (i * 7 + 3) % count);

describe('a buffer', () => {
  it('is complete with as many different frames as the model needs', () => {
    const buffer = bufferOf(span(0, 9));
    buffer.add({ ...frameAt(8), ...RECEIVED });
    expect([buffer.size, buffer.required, buffer.isComplete]).toEqual([9, 10, false]);
    buffer.add({ ...frameAt(9), ...RECEIVED });
    expect([buffer.size, buffer.isComplete]).toEqual([10, true]);
  });

  it('knows a frame by its index and contradicts another picture of it', () => {
    const buffer = bufferOf([3]);
    const { digest } = frameAt(3);
    expect([buffer.has({ index: 3, digest }), buffer.has({ index: 4, digest })]).toEqual([true, false]);
    expect(buffer.contradicts({ index: 3, digest })).toBe(false);
    expect(buffer.contradicts({ index: 3, digest: 'other' })).toBe(true);
    expect(buffer.contradicts({ index: 4, digest: 'other' })).toBe(false);
  });

  it('gives the recording in its order, with the time that it took, whatever the order in which it came', () => {
    const { frames, evidence, busyMs } = bufferOf([9, 0, 4]).recording();
    expect(frames.map(({ index }) => index)).toEqual([0, 4, 9]);
    expect(evidence.map(({ face }) => face?.contentHash)).toEqual(['frame 0', 'frame 4', 'frame 9']);
    expect(busyMs).toBe(21);
  });

  it('tells when the last frame came, not the one with the highest index', () => {
    const buffer = new FrameBuffer({ minFrames: 10 });
    expect(buffer.lastReceivedAtMs).toBe(0);
    buffer.add({ ...frameAt(1), receivedAtMs: 2_000 });
    buffer.add({ ...frameAt(2), receivedAtMs: 1_000 });
    expect(buffer.lastReceivedAtMs).toBe(2_000);
  });

  it('drops a frame as if it had never come, and what was found by it', () => {
    const buffer = bufferOf(span(0, 4));
    buffer.learn([motion(0, 1), motion(1, 2), motion(2, 3)]);
    buffer.drop(frameAt(1));
    expect(buffer.has(frameAt(1))).toBe(false);
    expect(buffer.size).toBe(3);
    buffer.add({ ...frameAt(1), ...RECEIVED });
    expect(buffer.recording().motions).toEqual([motion(2, 3)]);
  });
});

describe('the nearest face', () => {
  it.each([
    ['before', 5, [2, 9], 'frame 2'],
    ['behind', 8, [2, 9], 'frame 9'],
    ['the earlier of two', 5, [6, 4], 'frame 4'],
  ])('%s', (_name, index, known, expected) => {
    expect(bufferOf(known).nearestFace(index)?.contentHash).toBe(expected);
  });

  it('is none while no frame with a face is there, and skips those without', () => {
    const buffer = new FrameBuffer({ minFrames: 10 });
    buffer.add({ ...withoutFace(frameAt(4)), ...RECEIVED });
    expect(buffer.nearestFace(5)).toBeNull();
    buffer.add({ ...frameAt(0), ...RECEIVED });
    expect(buffer.nearestFace(5)?.contentHash).toBe('frame 0');
  });
});

describe('comparisons', () => {
  const lengths = [...new Set(MODELS.map(({ minFrames }) => minFrames))];

  it.each(lengths)('each of the plan is due once, with the later of its frames: %d frames', (count) => {
    for (const order of [span(0, count), span(0, count).toReversed(), shuffled(count)]) {
      const buffer = new FrameBuffer({ minFrames: count });
      const due: string[] = [];
      for (const index of order) {
        buffer.add({ ...frameAt(index), ...RECEIVED });
        for (const comparison of buffer.dueWith([index])) {
          expect([comparison.first, comparison.second]).toContain(index);
          due.push(named(comparison));
        }
      }
      expect(due.toSorted()).toEqual(comparisonsOf(count).map(named).toSorted());
    }
  });

  it('come with the faces that they are made of', () => {
    const [due] = bufferOf([0, 1]).dueWith([1]);
    expect(due).toMatchObject({ first: 0, second: 1, mayBend: false });
    expect(due?.faces.first.patch).toEqual(frameAt(0).evidence.face?.patch);
    expect(due?.faces.second.patch).toEqual(frameAt(1).evidence.face?.patch);
    // Nothing else travels.
    expect(Object.keys(due?.faces.first ?? {}).toSorted()).toEqual(['landmarks', 'patch', 'square']);
  });

  it('are not due when they are known, nor where a face is missing', () => {
    const buffer = bufferOf([0, 1]);
    buffer.learn([motion(0, 1)]);
    expect(buffer.dueWith([0, 1])).toEqual([]);
    const faceless = bufferOf([0]);
    faceless.add({ ...withoutFace(frameAt(1)), ...RECEIVED });
    expect(faceless.dueWith([0, 1])).toEqual([]);
  });

  it('of frames that come together are due together, each once', () => {
    const due = bufferOf(span(0, 10)).dueWith(span(0, 10));
    expect(due.map(named)).toEqual(comparisonsOf(10).map(named));
  });

  it('go without the patches that they need no more, unless the judgement may pair frames another way', () => {
    const patched = (buffer: FrameBuffer) =>
      buffer.recording().evidence.flatMap(({ face }, index) => (face?.patch.length ? [index] : []));
    const whole = bufferOf(span(0, 10));
    const plan = comparisonsOf(10);
    const isOfLast = ({ first, second }: { first: number; second: number }) => first === 9 || second === 9;
    whole.learn(plan.filter((one) => !isOfLast(one)).map((one) => ({ ...one, motion: null })));
    expect(patched(whole)).toEqual([1, 4, 8, 9]);
    whole.learn(plan.map((one) => ({ ...one, motion: null })));
    expect(patched(whole)).toEqual([]);

    const repeating = bufferOf(span(0, 9));
    repeating.add({ ...frameAt(9), evidence: frameAt(3).evidence, ...RECEIVED });
    repeating.learn(plan.map((one) => ({ ...one, motion: null })));
    expect(patched(repeating)).toEqual(span(0, 10));
  });

  it('are told by place, which is not the index where one is missing', () => {
    const buffer = bufferOf([1, 2, 5]);
    buffer.learn([motion(1, 2, 12), motion(2, 5, 25)]);
    expect(buffer.recording().motions).toEqual([motion(0, 1, 12), motion(1, 2, 25)]);
  });

  it('of a frame that was dropped are not told', () => {
    const buffer = bufferOf([0, 1, 2]);
    buffer.drop(frameAt(1));
    // A comparison that was under way when the frame went.
    buffer.learn([motion(0, 1), motion(0, 2)]);
    expect(buffer.recording().motions).toEqual([motion(0, 1)]);
    expect(buffer.recording().evidence.map(({ face }) => face?.contentHash)).toEqual(['frame 0', 'frame 2']);
  });
});
