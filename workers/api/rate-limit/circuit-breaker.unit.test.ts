import { describe, expect, it } from 'vitest';
import { type Attempt, CircuitBreaker } from './circuit-breaker.ts';

function enter(breaker: CircuitBreaker, now: number): Attempt {
  const attempt = breaker.enter(now);
  if (attempt === undefined) throw new Error('the breaker is open');
  return attempt;
}

describe('CircuitBreaker', () => {
  it('lets everyone try while closed, nobody while open, then one at a time', () => {
    const breaker = new CircuitBreaker(10_000);
    expect(breaker.succeeded(enter(breaker, 0))).toBe(false);
    expect(breaker.failed(enter(breaker, 1_000), 1_300)).toBe(true);
    expect(breaker.enter(11_299)).toBeUndefined();
    const probe = enter(breaker, 11_300);
    expect(breaker.enter(11_301)).toBeUndefined();
    expect(breaker.succeeded(probe)).toBe(true);
    expect(breaker.enter(11_302)).toBeDefined();
  });

  it('opens once for any number of requests that fail together', () => {
    const breaker = new CircuitBreaker(10_000);
    const attempts = Array.from({ length: 300 }, () => enter(breaker, 0));
    expect(attempts.map((attempt) => breaker.failed(attempt, 300)).filter(Boolean)).toHaveLength(1);
  });

  it('stays open after a failed probe, from the failure on', () => {
    const breaker = new CircuitBreaker(10_000);
    breaker.failed(enter(breaker, 0), 0);
    expect(breaker.failed(enter(breaker, 10_000), 10_300)).toBe(false);
    expect(breaker.enter(20_299)).toBeUndefined();
    expect(breaker.enter(20_300)).toBeDefined();
  });

  it('does not wait for a probe that never reports', () => {
    const breaker = new CircuitBreaker(10_000);
    breaker.failed(enter(breaker, 0), 0);
    enter(breaker, 10_000);
    expect(breaker.enter(19_999)).toBeUndefined();
    expect(breaker.succeeded(enter(breaker, 20_000))).toBe(true);
  });

  it('ignores the late outcomes of requests that set out before it changed', () => {
    const breaker = new CircuitBreaker(10_000);
    const [first, fast, slow] = [enter(breaker, 0), enter(breaker, 0), enter(breaker, 0)];
    breaker.failed(first, 100);
    expect(breaker.succeeded(fast)).toBe(false);
    expect(breaker.enter(200)).toBeUndefined();
    breaker.succeeded(enter(breaker, 10_100));
    expect(breaker.failed(slow, 10_200)).toBe(false);
    expect(breaker.enter(10_200)).toBeDefined();
  });

  it('probes at once when the clock went back, instead of staying open for as long as it was off', () => {
    const breaker = new CircuitBreaker(10_000);
    breaker.failed(enter(breaker, 3_600_000), 3_600_000);
    expect(breaker.enter(0)).toBeDefined();
  });
});
