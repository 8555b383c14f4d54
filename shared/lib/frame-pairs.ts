export interface FramePair {
  first: number;
  second: number;
}

const SHORT_RECORDING_FRAMES = 10;
const PAIRS_OF_SHORT = 5;
const PAIRS_OF_LONG = 6;
const MIDDLE_GAP = 0.55;
const WIDE_GAP = 0.85;

/**
 * Which frames are laid on each other: neighbours, half the recording apart, and nearly all of it. Neighbours show the noise
 * of camera and codec, distant frames what has moved since; the same number of each, spread evenly.
 */
export function framePairs(frameCount: number): Record<'near' | 'middle' | 'wide', FramePair[]> {
  const perGap = frameCount <= SHORT_RECORDING_FRAMES ? PAIRS_OF_SHORT : PAIRS_OF_LONG;
  const span = frameCount - 1;
  const pairs = (gap: number) => spread(frameCount - gap, perGap).map((first) => ({ first, second: first + gap }));
  return {
    near: pairs(1),
    middle: pairs(Math.max(1, Math.round(MIDDLE_GAP * span))),
    wide: pairs(Math.max(1, Math.round(WIDE_GAP * span))),
  };
}

/** Two frames to be laid on each other, and whether what they show may be a sheet that bends in between. */
export interface Comparison extends FramePair {
  mayBend: boolean;
}

/** All that is compared of a recording with so many frames. Neighbours: paper does not bend within a thirtieth of a second. */
export function comparisonsOf(frameCount: number): Comparison[] {
  const { near, middle, wide } = framePairs(frameCount);
  return [
    ...near.map((pair) => ({ ...pair, mayBend: false })),
    ...[...middle, ...wide].map((pair) => ({ ...pair, mayBend: true })),
  ];
}

/** `wanted` of the numbers 0 to count - 1, or all when there are fewer, the first and the last among them. */
export function spread(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: Math.max(0, count) }, (_, i) => i);
  if (wanted === 1) return [Math.floor(count / 2)];
  return Array.from({ length: wanted }, (_, i) => Math.round((i * (count - 1)) / (wanted - 1)));
}
