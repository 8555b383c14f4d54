/**
 * Run in a page: what waits for seconds waits for none. For what comes after the pauses of `sendCrops`, which are tested without
 * a browser.
 */
export const HURRY = `{
  const later = setTimeout;
  window.setTimeout = (run, ms = 0, ...args) => later(run, ms >= 500 && ms <= 10_000 ? 0 : ms, ...args);
}`;
