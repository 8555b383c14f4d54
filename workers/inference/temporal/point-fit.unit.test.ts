import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { fitSimilarity, type Point, residualAfterHomography, residualAfterSimilarity } from './point-fit.ts';

const random = seededRandom(11);
const points: Point[] = Array.from({ length: 30 }, () => ({ x: 300 + 100 * random(), y: 200 + 150 * random() }));

function turned({ x, y }: Point): Point {
  return {
    x: 1.1 * (Math.cos(0.3) * x - Math.sin(0.3) * y) + 20,
    y: 1.1 * (Math.sin(0.3) * x + Math.cos(0.3) * y) - 7,
  };
}

function tilted({ x, y }: Point): Point {
  const scale = 1 / (1 + 0.0004 * (x - 350) + 0.0003 * (y - 275));
  return { x: x * scale + 5, y: y * scale };
}

test('a shift, turn and scale leave nothing for either', () => {
  const moved = points.map(turned);
  expect(residualAfterSimilarity(points, moved)).toBeLessThan(0.01);
  expect(residualAfterHomography(points, moved)).toBeLessThan(0.01);
});

test('the best similarity is found, turned the right way', () => {
  const expected = [
    1.1 * Math.cos(0.3),
    -1.1 * Math.sin(0.3),
    20,
    1.1 * Math.sin(0.3),
    1.1 * Math.cos(0.3),
    -7,
    0,
    0,
    1,
  ];
  expect(fitSimilarity(points, points.map(turned))).toEqual(expected.map((value) => expect.closeTo(value, 3)));
});

test('of points that are no numbers it is the identity', () => {
  const lost = points.map(() => ({ x: Number.NaN, y: 4 }));
  expect(fitSimilarity(lost, points)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => expect.closeTo(value, 9)));
});

test('a plane that tilts is more than a similarity and no more than a homography', () => {
  const moved = points.map(tilted);
  expect(residualAfterSimilarity(points, moved)).toBeGreaterThan(1);
  expect(residualAfterHomography(points, moved)).toBeLessThan(0.05);
});

test('what is left is in pixels: one point of 30 that moved by 30 leaves about 30 / sqrt(30)', () => {
  const moved = points.map((point, i) => (i === 12 ? { x: point.x + 30, y: point.y } : point));
  const whole = 30 / Math.sqrt(30);
  const similarity = residualAfterSimilarity(points, moved);
  const homography = residualAfterHomography(points, moved);
  expect(similarity).toBeLessThan(whole);
  expect(similarity).toBeGreaterThan(0.85 * whole);
  expect(homography).toBeLessThan(similarity);
  expect(homography).toBeGreaterThan(0.6 * whole);
});

test('where the points lie does not matter', () => {
  const moved = points.map(({ x, y }, i) => ({ x: x + (i % 3), y: y + (i % 2) }));
  const away = ({ x, y }: Point) => ({ x: x + 5000, y: y - 3000 });
  const here = residualAfterHomography(points, moved);
  expect(here).toBeGreaterThan(0.3);
  expect(residualAfterHomography(points.map(away), moved.map(away))).toBeCloseTo(here, 3);
});

test('points that all lie in one place leave nothing, and are no error', () => {
  const heap = points.map(() => ({ x: 4, y: 4 }));
  expect(residualAfterHomography(heap, heap)).toBeLessThan(0.01);
  expect(residualAfterSimilarity(heap, heap)).toBeLessThan(0.01);
});
