export type Point = readonly [x: number, y: number];
/** Eyes (as seen: the left one first), tip of the nose, corners of the mouth. */
export type FivePoints = readonly [Point, Point, Point, Point, Point];

/** Of 68 landmarks, x and y in turn. An eye is the mean of its outline: no single point of it is found as well. */
export function fivePoints(landmarks: Float32Array): FivePoints {
  const point = (index: number): Point => [landmarks[index * 2] ?? 0, landmarks[index * 2 + 1] ?? 0];
  return [meanOf(landmarks, 36, 42), meanOf(landmarks, 42, 48), point(30), point(48), point(54)];
}

function meanOf(landmarks: Float32Array, from: number, to: number): Point {
  let x = 0;
  let y = 0;
  for (let index = from; index < to; index++) {
    x += landmarks[index * 2] ?? 0;
    y += landmarks[index * 2 + 1] ?? 0;
  }
  return [x / (to - from), y / (to - from)];
}
