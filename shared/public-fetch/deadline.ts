/** One span of time for work of many steps. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The work is done; nothing is aborted any more. */
  stop(): void;
  /** The work is given up: whatever listens to the signal lets go at once. */
  giveUp(reason: unknown): void;
}

export function startDeadline(afterMs: number, reason: unknown): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason), afterMs);
  const stop = () => clearTimeout(timer);
  const giveUp = (why: unknown) => {
    stop();
    controller.abort(why);
  };
  return { signal: controller.signal, stop, giveUp };
}

/** Rejects with the signal's reason as soon as it aborts, also where the work does not listen to it. */
export async function orAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
