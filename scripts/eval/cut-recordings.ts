export interface Cutting {
  /** Frames in a recording. */
  count: number;
  /** At about this many a second. A clip that has fewer gives what it has: a camera cannot give more. */
  fps: number;
  /** Recordings of one clip at most. */
  atMost: number;
}

/** Which frames of a clip make which recording: spread over the clip, overlapping little. None when the clip is too short. */
export function cutRecordings(clipFrameCount: number, clipFps: number, { count, fps, atMost }: Cutting): number[][] {
  const step = Math.max(1, clipFps / fps);
  const length = Math.ceil(step * (count - 1)) + 1;
  if (clipFrameCount < length) return [];
  const room = clipFrameCount - length;
  const wanted = Math.max(1, Math.min(atMost, Math.floor((1.5 * clipFrameCount) / length)));
  return Array.from({ length: wanted }, (_, i) => {
    const start = wanted === 1 ? Math.floor(room / 2) : Math.floor((i * room) / (wanted - 1));
    return Array.from({ length: count }, (_, k) => start + Math.round(k * step));
  });
}
