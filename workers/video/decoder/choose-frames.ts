/**
 * `count` of the frames, evenly over the clip by time: the clip is cut into as many equal slices, and each gives the frame
 * nearest to its middle, in order and none twice. So the first lies half a slice behind the start and the last as far before
 * the end, where a hand reaches for the button; and where a screen stood still and no frames were written, the nearest
 * before and after stand in. Answers indices, ascending; all of them when there are no more than `count`.
 */
export function chooseFrames(timesMs: readonly number[], count: number): number[] {
  const total = timesMs.length;
  if (total <= count) return timesMs.map((_time, index) => index);
  const start = timesMs[0] ?? 0;
  const span = ((timesMs.at(-1) ?? 0) - start) * (total / (total - 1));
  const chosen: number[] = [];
  let nearest = 0;
  for (let slice = 0; slice < count; slice++) {
    // The middle of the slice, less half a frame, for a frame's time is that of its beginning.
    const wanted = start + ((slice + 0.5) / count) * span - span / total / 2;
    while (nearest + 1 < total && isNearer(timesMs[nearest + 1], timesMs[nearest], wanted)) nearest++;
    // Enough must be left for the slices to come.
    chosen.push(Math.min(Math.max(nearest, (chosen.at(-1) ?? -1) + 1), total - (count - slice)));
  }
  return chosen;
}

/** Of two as near as each other, which rounding must not decide now so and now so, the earlier. */
function isNearer(candidate = 0, current = 0, wanted = 0): boolean {
  return Math.abs(candidate - wanted) < Math.abs(current - wanted) - 1e-6;
}
