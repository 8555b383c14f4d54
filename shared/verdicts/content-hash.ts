import { sha256Hex } from '../lib/hash.ts';

export interface CheckedContent {
  model: string;
  source: string;
  fps: number | null;
  /** In the order of their index. */
  frames: readonly { index: number; timestampMs: number | null; digest: string }[];
}

/** What was checked, in one word: the same request again has the same hash, whatever else its body says. */
export function contentHash({ model, source, fps, frames }: CheckedContent): Promise<string> {
  const parts = frames.map(({ index, timestampMs, digest }) => [index, timestampMs, digest]);
  return sha256Hex(JSON.stringify([model, source, fps, parts]));
}
