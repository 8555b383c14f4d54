/**
 * Calls a Durable Object, and once more on a fresh stub when the runtime marks the error as one that may pass: an object that
 * moved or was replaced by a deploy fails its calls. The first call may have got through all the same. An overloaded object is
 * not asked again: that would add to its load.
 */
export async function askObject<Stub, Answer>(
  freshStub: () => Stub,
  call: (stub: Stub) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(freshStub());
  } catch (error) {
    if (!mayPass(error)) throw error;
    return await call(freshStub());
  }
}

function mayPass(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}
