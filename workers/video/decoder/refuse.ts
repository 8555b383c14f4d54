import { MAX_DURATION_SECONDS, MAX_FRAMES } from './clip-limits.ts';
import type { DecoderFailure } from './decoder-failure.ts';
import type { Size } from './picture-size.ts';
import { VideoRefused } from './video-refused.ts';

const ADVICE = 'Send it with at most 1920x1080 pixels, as H.264 for instance.';
const SUPPORTED = 'Supported are H.264, HEVC, VP8, VP9, AV1, MPEG-4 part 2 and Motion JPEG.';

/** What a failure of the decoder means for whoever sent the file. */
export function refusalOf(failure: DecoderFailure, codec: string, { width, height }: Size): VideoRefused {
  const size = `${width}x${height}`;
  switch (failure) {
    case 'not_a_video':
      return new VideoRefused('not_a_video', 'The file is not a video in MP4, MOV, WebM, MKV or AVI.');
    case 'no_video':
      return new VideoRefused('no_video', 'The file holds no video, only sound or nothing at all.');
    case 'unsupported_codec':
      return new VideoRefused(
        'unsupported_codec',
        `The video is coded in ${codec}, which is not supported. ${SUPPORTED}`,
      );
    case 'too_large':
      return new VideoRefused('too_large', `The video measures ${size} pixels; at most 4096x2160 are taken. ${ADVICE}`);
    case 'no_memory':
      return tooDemanding({ width, height });
    case 'too_long':
      return tooLong(null);
    case 'too_many_frames':
      return tooManyFrames();
    case 'cannot_seek':
    case 'damaged':
      return new VideoRefused('damaged', 'The video is damaged and cannot be decoded.');
  }
}

/** An MP4, a Matroska or an AVI by its beginning. */
export function brokenContainer(): VideoRefused {
  return new VideoRefused('damaged', 'The video cannot be opened: it is cut off before its index, or damaged.');
}

export function emptyFile(): VideoRefused {
  return new VideoRefused('not_a_video', 'The file is empty.');
}

export function noFrames(): VideoRefused {
  return new VideoRefused('no_video', 'The video holds no frames.');
}

export function tooDemanding({ width, height }: Size): VideoRefused {
  const message = `Decoding this video of ${width}x${height} pixels takes more time or memory than there is. ${ADVICE}`;
  return new VideoRefused('too_demanding', message);
}

export function tooLong(durationMs: number | null): VideoRefused {
  const length = durationMs === null ? '' : `${(durationMs / 1000).toFixed(1)} seconds: `;
  return new VideoRefused(
    'too_long',
    `The video lasts ${length}more than the ${MAX_DURATION_SECONDS} seconds that are taken.`,
  );
}

export function tooManyFrames(): VideoRefused {
  return new VideoRefused(
    'too_many_frames',
    `The video has more than ${MAX_FRAMES} frames. Send it with fewer a second.`,
  );
}

export function tooFewFrames(required: number, available: number): VideoRefused {
  const has = available === 1 ? '1 frame' : `${available} frames`;
  return new VideoRefused('too_few_frames', `The video has ${has}; ${required} are required.`);
}

export function tooDamaged(required: number, taken: number): VideoRefused {
  const message = `The video is damaged or cut off: only ${taken} of the ${required} frames needed could be decoded.`;
  return new VideoRefused('damaged', message);
}
