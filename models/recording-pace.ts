/** Up to this many frames, a recording of 15 a second is short enough to sit through; longer ones are taken faster. */
const SHORT_RECORDING_FRAMES = 30;

/** Frames a second at which recordings with so many frames are taken, and at which the fusion models know them best. */
export function recordingPace(frameCount: number): number {
  return frameCount <= SHORT_RECORDING_FRAMES ? 15 : 30;
}
