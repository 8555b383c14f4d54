import type { FrameList, KeyFrame } from './frame-list.ts';

/** Frames decoded in one go, from a key frame on. */
export interface Segment {
  key: KeyFrame;
  /** Times of the frames wanted, ascending. */
  wantedMs: number[];
  /** How many pictures are decoded to get at them. */
  decodes: number;
}

/** A seek empties the decoder, which then waits for a few pictures before it shows the first. */
const SEEK_COST_FRAMES = 6;

/** Decodes on from frame to frame, and seeks where a key frame lies ahead that saves more pictures than the seek costs. */
export function planDecoding(list: FrameList, chosen: readonly number[]): Segment[] {
  const segments: Segment[] = [];
  let reached = -1;
  let keyIndex = 0;
  for (const index of chosen) {
    const timeMs = list.timesMs[index] ?? 0;
    while ((list.keys[keyIndex + 1]?.timeMs ?? Number.POSITIVE_INFINITY) <= timeMs) keyIndex++;
    const key = list.keys[keyIndex];
    if (key === undefined) break;
    const current = segments.at(-1);
    if (current === undefined || key.shownBefore - reached > SEEK_COST_FRAMES) {
      segments.push({ key, wantedMs: [timeMs], decodes: index - key.shownBefore + 1 });
    } else {
      current.wantedMs.push(timeMs);
      current.decodes += index - reached;
    }
    reached = index;
  }
  return segments;
}

export function shownKeyFrames(list: FrameList): KeyFrame[] {
  return list.keys.filter((key) => !key.isHidden);
}

/** Key frames alone, each decoded by itself: it needs no memory for others, and skips all that lies between. */
export function planKeyFrames(keys: readonly KeyFrame[], chosen: readonly number[]): Segment[] {
  return chosen.flatMap((index) => {
    const key = keys[index];
    return key === undefined ? [] : [{ key, wantedMs: [key.timeMs], decodes: 1 }];
  });
}

export function decodedFrames(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.decodes, 0);
}
