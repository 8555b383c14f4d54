import { type Deadline, orAbort } from './deadline.ts';
import { PublicFetchFailure, refusal, transientRefusal } from './refusal.ts';

export interface BodyGuard {
  host: string;
  maxBytes: number;
  /** As the sender announced it; a body that ends sooner was cut off. */
  announcedBytes: number | null;
  deadline: Deadline;
}

/**
 * The body as it comes, a chunk for each that is asked for. It errors with `PublicFetchFailure` when it passes `maxBytes`, whatever
 * was announced, when the time is over, and when it breaks off. However it ends, the connection does not outlive it.
 */
export function guardBody(source: ReadableStream<Uint8Array>, guard: BodyGuard): ReadableStream<Uint8Array> {
  const { deadline } = guard;
  const reader = source.getReader();
  let receivedBytes = 0;

  async function nextChunk(): Promise<Uint8Array | null> {
    const { done, value } = await orAbort(reader.read(), deadline.signal);
    if (done) {
      if (guard.announcedBytes !== null && receivedBytes < guard.announcedBytes) throw brokenOff(guard.host);
      return null;
    }
    receivedBytes += value.byteLength;
    if (receivedBytes > guard.maxBytes) throw new PublicFetchFailure(tooLarge(guard.host, guard.maxBytes));
    return value;
  }

  function letGo(reason: unknown): void {
    deadline.giveUp(reason);
    reader.cancel(reason).catch(() => {});
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await nextChunk();
          if (chunk !== null) return controller.enqueue(chunk);
          deadline.stop();
          controller.close();
        } catch (error) {
          const failure = error instanceof PublicFetchFailure ? error : brokenOff(guard.host);
          letGo(failure);
          controller.error(failure);
        }
      },
      cancel: letGo,
    },
    { highWaterMark: 0 },
  );
}

export function tooLarge(host: string, maxBytes: number) {
  return refusal('too_large', `What ${host} sends is larger than ${maxBytes} bytes`);
}

function brokenOff(host: string): PublicFetchFailure {
  return new PublicFetchFailure(transientRefusal('unreachable', `The connection to ${host} broke off`));
}
