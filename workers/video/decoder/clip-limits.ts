export const MAX_DURATION_SECONDS = 60;
/** Recorders stop on a timer, and the last frame or the last block of sound runs over. */
export const MAX_DURATION_MS = 60_500;
/** 120 frames a second for a minute. */
export const MAX_FRAMES = 7200;
/** 4K as filmed by phones (3840x2160) and by cinema (4096x2160), lying or standing. */
export const MAX_PIXELS = 4096 * 2160;
/** Of what comes out. A face that fills a tenth of it still has more pixels than any model looks at. */
export const MAX_SIDE_PIXELS = 1280;

/**
 * What decoding one clip may cost. A Worker may use 5 minutes of CPU for a message and its clock stands still meanwhile, so
 * the bound is in pixels: 25 ns for each (H.264 takes 10 to 15, HEVC 15 to 35), 200 seconds, and the rest is for the models.
 */
export const MAX_DECODED_PIXELS = 200e9 / 25;

/** Above 1080p a few reference pictures fill the decoder's memory: it is tried out before the first frame is given. */
export const TRIAL_FROM_PIXELS = 1920 * 1088 + 1;
/** No codec waits longer before it shows a picture, nor keeps more of them. */
export const TRIAL_FRAMES = 20;

/** Of the frames chosen, so many may be damaged and a later one taken in their place. Beyond it the clip is refused. */
export const MAX_REPLACED_SHARE = 0.25;

export const BLOCK_BYTES = 2 ** 20;
export const CACHED_BLOCKS = 4;
/** A sound file takes one load a block and one or two a seek. It only ends what would otherwise never end. */
export const maxBlockLoads = (sizeBytes: number) => 10_000 + 4 * Math.ceil(sizeBytes / BLOCK_BYTES);
