/** How long frames are kept after the last one. */
export const FRAMES_KEPT_MS = 60_000;
/** Of different warnings, over all frames of a session. Further ones are left out: a client may send any number. */
export const MOST_WARNINGS = 100;
