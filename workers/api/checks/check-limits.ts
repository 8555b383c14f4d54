import { MAX_PIXELS_LENGTH } from '#shared/contract/checks.ts';

export const MAX_BODY_BYTES = 100 * 1024 * 1024;
/** A picture may have each slash escaped, and stands among other members. */
export const MAX_ELEMENT_BYTES = MAX_PIXELS_LENGTH + 512 * 1024;
/** Of everything that is not a frame. */
export const MAX_MEMBER_BYTES = 64 * 1024;
export const MAX_DEPTH = 32;
/** A body may hold so many times the frames that the model needs. */
export const FRAMES_OVER_NEED = 4;
/** While the model is not known yet. */
export const MAX_FRAMES = 1000;
export const MAX_PROBLEMS = 100;

/** One call to inference; calls count against the limit on subrequests, and what waits for one is in memory. */
export const GROUP_PICTURES = 4;
export const GROUP_BYTES = 2 * 1024 * 1024;

/** Who has not renewed it by then is taken for dead. */
export const LEASE_MS = 60_000;
export const RENEW_AFTER_MS = 15_000;
/** How long a repetition waits for the first request, and how often it looks. */
export const WAIT_FOR_FIRST_MS = 30_000;
export const FIRST_LOOK_MS = 40;
export const LONGEST_PAUSE_MS = 1_000;
