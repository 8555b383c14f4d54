/** Makes the next item while this one is worked on: drawing recordings and judging them keep a core busy each. */
export async function* oneAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const start = () => {
    const next = iterator.next();
    // It is awaited later: until then a failure is not unhandled, only not yet looked at.
    next.catch(() => undefined);
    return next;
  };
  let next = start();
  for (;;) {
    const { done, value } = await next;
    if (done) return;
    next = start();
    yield value;
  }
}
