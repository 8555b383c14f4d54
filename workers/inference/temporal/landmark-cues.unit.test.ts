import { expect, test } from 'vitest';
import { landmarkCues } from './landmark-cues.ts';
import type { Point } from './point-fit.ts';
import { landmarksMoved } from './testing/neutral-landmarks.ts';

const COUNT = 10;
const ENDS = [{ first: 0, second: COUNT - 1 }];
const film = (frame: (index: number) => Float32Array) => Array.from({ length: COUNT }, (_, index) => frame(index));

const UPPER_LIDS: Record<number, number> = { 37: 41, 38: 40, 43: 47, 44: 46 };
const LOWER_LIP = [65, 66, 67];

/** Upper lids come down by so much of the way to the lower. */
function eyesClosed(by: number): Float32Array {
  const rest = landmarksMoved();
  return landmarksMoved((point, index) => {
    const lower = UPPER_LIDS[index];
    if (lower === undefined) return point;
    const below = { x: rest[lower * 2] ?? 0, y: rest[lower * 2 + 1] ?? 0 };
    return { x: point.x + by * (below.x - point.x), y: point.y + by * (below.y - point.y) };
  });
}

function mouthOpen(pixels: number): Float32Array {
  return landmarksMoved(({ x, y }, index) => ({ x, y: LOWER_LIP.includes(index) ? y + pixels : y }));
}

/** The head turned by an angle: the nearer to its middle a point is, the farther it stands out. */
function headTurned(radians: number, depth: number): Float32Array {
  return landmarksMoved(({ x, y }): Point => {
    const [across, down] = [x - 285, y - 350];
    const out = depth * (1 - (across / 150) ** 2 - (down / 200) ** 2);
    return { x: 285 + across * Math.cos(radians) + out * Math.sin(radians), y };
  });
}

const PLANE = 0;
const HEAD = 110;

test('a face that does not move has no cues', () => {
  const cues = landmarkCues(
    film(() => landmarksMoved()),
    ENDS,
  );
  expect(cues.blinkDepth).toBeCloseTo(0, 6);
  expect(cues.mouthRange).toBeCloseTo(0, 6);
  expect(cues.beyondSimilarity).toBeLessThan(1e-4);
  expect(cues.beyondHomography).toBeLessThan(1e-4);
});

test.each([0.3, 0.6, 0.9])('eyes that close by %d in one frame blink by as much', (by) => {
  const cues = landmarkCues(
    film((index) => eyesClosed(index === 6 ? by : 0)),
    ENDS,
  );
  expect(cues.blinkDepth).toBeCloseTo(by, 1);
  expect(cues.mouthRange).toBeCloseTo(0, 6);
});

test('a blink is measured against how open the eyes usually are', () => {
  const narrow = landmarkCues(
    film((index) => eyesClosed(index === 6 ? 0.8 : 0.6)),
    ENDS,
  );
  expect(narrow.blinkDepth).toBeCloseTo(0.5, 1);
});

test('a mouth that opens has a range, as a share of its width', () => {
  // 72 pixels wide; of ten frames the range from the 5th to the 95th percentile.
  const cues = landmarkCues(
    film((index) => mouthOpen(index * 4)),
    ENDS,
  );
  expect(cues.mouthRange).toBeGreaterThan(0.38);
  expect(cues.mouthRange).toBeLessThan(0.5);
  expect(cues.blinkDepth).toBeCloseTo(0, 6);
});

test('closer to the camera everything is larger, and no cue is', () => {
  const nearer = film((index) =>
    landmarksMoved(({ x, y }) => ({ x: x * (1 + index / 10) + 9, y: y * (1 + index / 10) })),
  );
  const cues = landmarkCues(nearer, ENDS);
  expect(cues.blinkDepth).toBeCloseTo(0, 3);
  expect(cues.mouthRange).toBeCloseTo(0, 3);
  expect(cues.beyondSimilarity).toBeLessThan(1e-3);
});

test('a turn is as much of one nearer to the camera', () => {
  const turning = film((index) => headTurned(index * 0.05, HEAD));
  const far = landmarkCues(turning, ENDS);
  const near = landmarkCues(
    turning.map((points) => points.map((value) => value * 2)),
    ENDS,
  );
  expect(near.beyondSimilarity).toBeCloseTo(far.beyondSimilarity, 4);
  expect(near.beyondHomography).toBeCloseTo(far.beyondHomography, 4);
});

test('a plane that turns is more than a similarity, but no more than a plane', () => {
  const cues = landmarkCues(
    film((index) => headTurned(index * 0.05, PLANE)),
    ENDS,
  );
  expect(cues.beyondSimilarity).toBeGreaterThan(0.01);
  expect(cues.beyondHomography).toBeLessThan(1e-3);
});

test('a head that turns is more than a plane', () => {
  const cues = landmarkCues(
    film((index) => headTurned(index * 0.05, HEAD)),
    ENDS,
  );
  expect(cues.beyondHomography).toBeGreaterThan(0.01);
  expect(cues.beyondSimilarity).toBeGreaterThan(cues.beyondHomography);
});

test('only the pairs asked for are compared', () => {
  const frames = film((index) => (index === 5 ? headTurned(0.4, HEAD) : landmarksMoved()));
  expect(landmarkCues(frames, ENDS).beyondHomography).toBeLessThan(1e-4);
  expect(landmarkCues(frames, [{ first: 0, second: 5 }]).beyondHomography).toBeGreaterThan(0.01);
});

test('eyes that a face without extent has do not divide by nothing', () => {
  const cues = landmarkCues(
    film(() => new Float32Array(136)),
    ENDS,
  );
  for (const value of Object.values(cues)) expect(value).toBe(0);
});

test('a face that glides has no jerk, one that jumps has', () => {
  const shifted = (pixels: number) => landmarksMoved(({ x, y }) => ({ x: x + pixels, y }));
  const gliding = landmarkCues(
    film((index) => shifted(index * 12)),
    ENDS,
  );
  expect(gliding.jerkTypical).toBeLessThan(1e-3);
  expect(gliding.jerkAtWorst).toBeLessThan(1e-3);
  const jumping = landmarkCues(
    film((index) => shifted((index % 3) * 40)),
    ENDS,
  );
  expect(jumping.jerkTypical).toBeGreaterThan(0.1);
  // Two photographs, each held: most frames follow from their neighbours, the worst do not.
  const held = landmarkCues(
    film((index) => shifted(index < 5 ? 0 : 60)),
    ENDS,
  );
  expect(held.jerkTypical).toBeLessThan(1e-3);
  expect(held.jerkAtWorst).toBeGreaterThan(0.1);
});
