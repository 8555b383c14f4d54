import type { FrameEvidence, ViewMargins } from '../../shared/rpc/inference.ts';
import { samplingOf } from '../../workers/inference/frame/sampling.ts';

/** Recordings of `count` frames at about `fps` that can be cut out of a clip, spread over it, overlapping little. */
export function cutWindows(
  frames: readonly FrameEvidence[],
  clipFps: number,
  count: number,
  fps: number,
  atMost: number,
): FrameEvidence[][] {
  const step = clipFps / fps;
  // A camera cannot give more frames than it has: that would only be repeats.
  if (step < 0.8) return [];
  const length = Math.ceil(step * (count - 1)) + 1;
  if (frames.length < length) return [];
  const wanted = Math.max(1, Math.min(atMost, Math.floor((1.5 * frames.length) / length)));
  return Array.from({ length: wanted }, (_, i) => {
    const start = wanted === 1 ? 0 : Math.floor((i * (frames.length - length)) / (wanted - 1));
    return Array.from({ length: count }, (_, k) => frames[Math.round(start + k * step)]).flatMap((frame, ordinal) =>
      frame ? [asSampled(frame, ordinal)] : [],
    );
  });
}

/** The record as a check would hold it: with the sampled of the texture model that fall to this place in it. */
export function asSampled(frame: FrameEvidence, ordinal: number): FrameEvidence {
  if (frame.face === null) return frame;
  const sampled = samplingOf(ordinal);
  const looked = ({ square, whole }: ViewMargins) => ({
    square: sampled.square ? square : null,
    whole: sampled.whole ? whole : null,
  });
  const { textureMargins, recaptureMargins } = frame.face;
  const margins = {
    textureMargins: looked(textureMargins),
    ...(recaptureMargins && { recaptureMargins: looked(recaptureMargins) }),
  };
  return { ...frame, face: { ...frame.face, ...margins } };
}
