/** More than an honest session comes to. So a trail can always be read whole, whoever tries to bury something in it. */
export const MOST_TOLD_ENTRIES = 1000;

/** With what the session itself writes after that: the verdicts of checks under way, and its end. */
export const MOST_TRAIL_ENTRIES = MOST_TOLD_ENTRIES + 100;
