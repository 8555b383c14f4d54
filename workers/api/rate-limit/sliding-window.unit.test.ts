import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { type SlidingWindow, takeFromWindow, windowEmptyAt } from './sliding-window.ts';
import { windowCounter } from './window-counter.ts';

const MINUTE = 60_000;
const START = 1_800_000_000_123;

describe('the decision', () => {
  it('counts down, then says when to come back, and a denied request is not counted', () => {
    const { take } = windowCounter(MINUTE);
    const onTheSecond = 1_800_000_000_000;
    expect(take(2, onTheSecond)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      retryAfterSeconds: 0,
      resetSeconds: 61,
    });
    expect(take(2, onTheSecond + 10_000)).toMatchObject({ allowed: true, remaining: 0, retryAfterSeconds: 51 });
    for (let i = 1; i <= 20; i++) {
      expect(take(2, onTheSecond + 10_000 + i)).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 51 });
    }
    expect(take(2, onTheSecond + 60_999)).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    expect(take(2, onTheSecond + 61_000)).toMatchObject({ allowed: true, remaining: 0, retryAfterSeconds: 10 });
  });

  it('keeps its word: after Retry-After a request passes, after reset the whole quota is free', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const limit = 1 + Math.floor(random() * 50);
      const { take, state } = windowCounter(MINUTE);
      let now = START;
      let decision = take(limit, now);
      while (decision.allowed) {
        now += Math.floor(random() * 500);
        decision = take(limit, now);
      }
      expect(decision.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      const full = state();
      const retried = takeFromWindow(full, { limit, windowMs: MINUTE }, now + decision.retryAfterSeconds * 1000);
      expect(retried.decision.allowed).toBe(true);
      const reset = takeFromWindow(full, { limit, windowMs: MINUTE }, now + decision.resetSeconds * 1000);
      expect(reset.decision.remaining).toBe(limit - 1);
    }
  });

  it('holds a limit that changes between calls to what has already passed', () => {
    const { take } = windowCounter(MINUTE);
    for (let i = 0; i < 10; i++) take(10, START);
    expect(take(12, START)).toMatchObject({ allowed: true, limit: 12, remaining: 1 });
    expect(take(4, START)).toMatchObject({ allowed: false, limit: 4, remaining: 0, retryAfterSeconds: 61 });
  });

  it('denies everything for a limit of 0, and still names a time', () => {
    expect(windowCounter(MINUTE).take(0, START)).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 61 });
  });
});

describe('the state', () => {
  it('stays small and survives serialisation, however many requests there are', () => {
    let window: SlidingWindow | undefined;
    for (let i = 0; i < 100_000; i++) {
      const taken = takeFromWindow(window, { limit: 50_000, windowMs: MINUTE }, START + i * 7);
      window = taken.window;
    }
    expect(window?.counts.length).toBeLessThanOrEqual(61);
    expect(JSON.parse(JSON.stringify(window))).toEqual(window);
    expect(JSON.stringify(window).length).toBeLessThan(600);
  });

  it('says when it is empty', () => {
    const { window } = takeFromWindow(undefined, { limit: 1, windowMs: MINUTE }, 1_800_000_000_000);
    expect(windowEmptyAt(window)).toBe(1_800_000_000_000 + 61_000);
  });

  it('counts on when the length of the window changes', () => {
    let { window } = takeFromWindow(undefined, { limit: 2, windowMs: 1_000 }, START);
    ({ window } = takeFromWindow(window, { limit: 2, windowMs: 1_000 }, START));
    expect(takeFromWindow(window, { limit: 2, windowMs: MINUTE }, START + 500).decision.allowed).toBe(false);
    expect(takeFromWindow(window, { limit: 2, windowMs: MINUTE }, START + 2_000).decision.allowed).toBe(true);
  });
});
