import { openDatabase } from '#shared/db/database.ts';
import { faultyDatabase, faultyMethods } from '#shared/testing/faulty-ports.ts';
import type { VideoServices } from '../process-video.ts';

/** What may happen to one call of a port: it is not made, or it is made and nobody hears of it. */
export type Fault = 'before' | 'after';

/**
 * The same services, except that the n-th call of any port (a statement of D1, an object of R2, inference, the decoder, a frame
 * of it) goes wrong. `calls` tells how many there were.
 */
export function faultyServices(services: VideoServices, binding: D1Database, at: number, fault: Fault) {
  let calls = 0;
  const step = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    calls++;
    const isFaulty = calls === at;
    if (isFaulty && fault === 'before') throw new Error(`call ${at} was not made`);
    const value = await call();
    if (isFaulty) throw new Error(`call ${at} was made, and nobody heard of it`);
    return value;
  };

  const faulty: VideoServices = {
    ...services,
    database: openDatabase(faultyDatabase(binding, step)),
    recordings: faultyMethods(services.recordings, step),
    inference: faultyMethods(services.inference, step),
    openClip: async (source) => {
      const clip = await step(() =>
        services.openClip({ ...source, read: (...range) => step(() => source.read(...range)) }),
      );
      return {
        ...clip,
        async *sample(request) {
          for await (const frame of clip.sample(request)) yield await step(async () => frame);
        },
      };
    },
  };
  return { services: faulty, calls: () => calls };
}
