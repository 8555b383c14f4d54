import { describe, expect, test } from 'vitest';
import { areaUnderRoc, equalErrorRate } from './roc.ts';

describe('the area under the curve', () => {
  test.each([
    ['is 1 when every live score is higher', [0.8, 0.9], [0.1, 0.7], 1],
    ['is 0 when every live score is lower', [0.1, 0.2], [0.3], 0],
    ['is a half when all are equal', [0.5, 0.5], [0.5, 0.5, 0.5], 0.5],
    // Pairs won by 0.9: 3, by 0.5: one and a tie, by 0.2: one tie. (3 + 1.5 + 0.5) / 9.
    ['counts a tie as half', [0.9, 0.5, 0.2], [0.5, 0.2, 0.7], 5 / 9],
  ])('%s', (_case, live, attacks, area) => {
    expect(areaUnderRoc(live, attacks)).toBeCloseTo(area, 12);
  });

  test('does not exist without a class', () => {
    expect(areaUnderRoc([], [0.5])).toBeNaN();
  });
});

describe('the equal error rate', () => {
  test.each([
    ['is 0 when a threshold keeps all apart', [0.8, 0.9], [0.1, 0.7], 0],
    ['is 1 when they are the wrong way round', [0.1, 0.2], [0.8, 0.9], 1],
    ['is a half when scores say nothing', [0.5, 0.5], [0.5, 0.5], 0.5],
    // At any threshold between 0.4 and 0.6 one of four people is turned away and one of four attacks gets in.
    ['is read off where both are equal', [0.9, 0.8, 0.7, 0.4], [0.6, 0.3, 0.2, 0.1], 0.25],
    // Past 0.5 the rates go from (0, 1/2) to (1/3, 1/2), past 0.6 to (1/3, 0): equal at 1/3 on the second piece.
    ['lies on a straight piece between thresholds', [0.5, 0.8, 0.9], [0.1, 0.6], 1 / 3],
    // Past 0.5, one of two people and both attacks, the rates go from (0, 1) to (1/2, 0): r = 1 - 2r.
    ['goes straight through a tie', [0.5, 0.9], [0.5, 0.5], 1 / 3],
  ])('%s', (_case, live, attacks, rate) => {
    expect(equalErrorRate(live, attacks)).toBeCloseTo(rate, 12);
  });

  test('does not exist without a class', () => {
    expect(equalErrorRate([], [0.5])).toBeNaN();
    expect(equalErrorRate([0.5], [])).toBeNaN();
  });
});
