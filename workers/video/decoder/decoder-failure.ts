/** The codes of `video-decoder.c`. */
const FAILURES = {
  [-1]: 'not_a_video',
  [-2]: 'no_video',
  [-3]: 'unsupported_codec',
  [-4]: 'too_large',
  [-5]: 'no_memory',
  [-6]: 'damaged',
  [-7]: 'too_long',
  [-8]: 'too_many_frames',
  [-9]: 'cannot_seek',
} as const;

export type DecoderFailure = (typeof FAILURES)[keyof typeof FAILURES];

/** A code that is none of them cannot come; should it, the clip is refused. */
export function failureOf(code: number): DecoderFailure {
  return Object.entries(FAILURES).find(([known]) => Number(known) === code)?.[1] ?? 'damaged';
}
