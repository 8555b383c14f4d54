/** A frame as the file lists it, in the order of the file. Times are on the file's own clock. */
export interface ListedFrame {
  timeMs: number;
  /** Where a seek must go to land on it: not always its time. */
  seekTo: number;
  isKey: boolean;
  /** Needed by others, but cut away by an edit list. */
  isHidden: boolean;
}

/** A frame that decoding can start with. */
export interface KeyFrame {
  timeMs: number;
  seekTo: number;
  /** How many shown frames come before it. */
  shownBefore: number;
  isHidden: boolean;
}

export interface FrameList {
  /** Of the frames that are shown, in the order in which they are. */
  timesMs: number[];
  /** In the order of their times, never empty unless `timesMs` is. */
  keys: KeyFrame[];
  durationMs: number;
}

/** Frames before the first key frame are left out: what they build upon was cut away. */
export function frameList(listed: readonly ListedFrame[]): FrameList {
  // Where no frame is marked the mark is missing, not the key frame.
  const marked = listed.filter((frame) => frame.isKey);
  const keyFrames = (marked.length > 0 ? marked : listed.slice(0, 1)).toSorted((a, b) => a.timeMs - b.timeMs);
  const startMs = keyFrames[0]?.timeMs ?? 0;
  const shown = listed.filter((frame) => !frame.isHidden && frame.timeMs >= startMs);
  // Two frames for one moment are one.
  const timesMs = [...new Set(shown.map((frame) => frame.timeMs))].sort((a, b) => a - b);
  return { timesMs, keys: countBefore(keyFrames, timesMs), durationMs: durationOf(timesMs) };
}

function countBefore(keyFrames: ListedFrame[], timesMs: number[]): KeyFrame[] {
  let shownBefore = 0;
  return keyFrames.map(({ timeMs, seekTo, isHidden }) => {
    while (shownBefore < timesMs.length && (timesMs[shownBefore] ?? 0) < timeMs) shownBefore++;
    return { timeMs, seekTo, isHidden, shownBefore };
  });
}

/** The last frame is taken to stay as long as the others do on average: few files say. */
function durationOf(timesMs: number[]): number {
  const [first = 0, last = 0] = [timesMs[0], timesMs.at(-1)];
  return timesMs.length < 2 ? 0 : ((last - first) * timesMs.length) / (timesMs.length - 1);
}
