import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { windowCounter } from './window-counter.ts';

const MINUTE = 60_000;
const START = 1_800_000_000_123;

const passedSince = (passed: number[], after: number) => passed.filter((at) => at > after).length;

describe('no interval of the window lets more than the limit through, and hardly less', () => {
  const cases = [
    { windowMs: MINUTE, limit: 240 },
    { windowMs: MINUTE, limit: 7 },
    { windowMs: MINUTE, limit: 1 },
    { windowMs: 1_000, limit: 30 },
    { windowMs: 100, limit: 5 },
    { windowMs: 61, limit: 3 },
    { windowMs: 7, limit: 2 },
  ];
  for (const { windowMs, limit } of cases) {
    it(`${limit} in ${windowMs} ms, random arrivals checked by brute force`, () => {
      const bucketMs = Math.ceil(windowMs / 60);
      const latestReturn = Math.ceil(windowMs / bucketMs) * bucketMs + bucketMs;
      for (let seed = 1; seed <= 5; seed++) {
        const random = seededRandom(seed);
        const { take } = windowCounter(windowMs);
        const passed: number[] = [];
        let now = START + seed * 777;
        for (let arrival = 0; arrival < 4_000; arrival++) {
          // Bursts at one moment, a crowd, and now and then a pause that is longer than the window.
          const kind = random();
          if (kind > 0.3) now += Math.floor((random() * 2 * windowMs) / (limit * 3));
          if (kind > 0.998) now += Math.floor(random() * 2 * windowMs);
          if (take(limit, now).allowed) {
            passed.push(now);
            expect(passedSince(passed.slice(-limit - 1), now - windowMs)).toBeLessThanOrEqual(limit);
          } else {
            // Denied only for requests that passed within the window and one bucket: no slot comes back later than that.
            expect(passedSince(passed, now - latestReturn)).toBeGreaterThanOrEqual(limit);
          }
        }
        expect(passed.length).toBeGreaterThan(limit);
      }
    });
  }

  it('a sender that never pauses gets the limit once per window and bucket', () => {
    const { take } = windowCounter(MINUTE);
    let passed = 0;
    for (let now = START; now < START + 10 * 61_000; now += 50) if (take(240, now).allowed) passed += 1;
    expect(passed).toBeGreaterThanOrEqual(10 * 240);
  });
});

describe('a clock that goes back', () => {
  it('gives no slot back early, whatever it does', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = seededRandom(seed);
      const { take } = windowCounter(MINUTE);
      const passed: number[] = [];
      let clock = START;
      let latest = Number.NEGATIVE_INFINITY;
      for (let arrival = 0; arrival < 4_000; arrival++) {
        clock += Math.floor(random() * 900) - (random() < 0.05 ? Math.floor(random() * 20_000) : 0);
        // What whoever saw this clock at each arrival can know to have gone by.
        latest = Math.max(latest, clock);
        if (latest - clock > 50_000) clock = latest;
        if (take(20, clock).allowed) {
          passed.push(latest);
          expect(passedSince(passed.slice(-21), latest - MINUTE)).toBeLessThanOrEqual(20);
        }
      }
    }
  });

  it('by hours neither frees what was counted nor locks the identifier out for hours', () => {
    const { take } = windowCounter(MINUTE);
    for (let i = 0; i < 5; i++) take(5, START);
    const hourBack = START - 3_600_000;
    expect(take(5, hourBack).allowed).toBe(false);
    expect(take(5, hourBack + MINUTE - 1).allowed).toBe(false);
    expect(take(5, hourBack + MINUTE + 1_000).allowed).toBe(true);
  });
});
