import { type SlidingWindow, takeFromWindow } from './sliding-window.ts';

/** For tests: a window that is kept between takes, as the Durable Object keeps it. */
export function windowCounter(windowMs: number) {
  let window: SlidingWindow | undefined;
  return {
    take(limit: number, now: number) {
      const taken = takeFromWindow(window, { limit, windowMs }, now);
      window = taken.window;
      return taken.decision;
    },
    state: () => window,
  };
}
