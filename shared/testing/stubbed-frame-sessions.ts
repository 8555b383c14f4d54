import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { FrameSession } from '../../workers/stream/frame-session.ts';
import type { InferenceService } from '../rpc/inference.ts';

/**
 * The real Durable Objects with an inference Worker of the test's own: their storage, alarms and evictions are the platform's,
 * only what `INFERENCE` binds is not. One stand-in a living object, so that what an eviction forgets is forgotten here, too.
 */
export function stubbedFrameSessions(inference: InferenceService): DurableObjectNamespace<FrameSession> {
  const standIns = new WeakMap<FrameSession, FrameSession>();

  const standInOf = async (instance: FrameSession, state: DurableObjectState): Promise<FrameSession> => {
    const known = standIns.get(instance);
    if (known) return known;
    const standIn = new FrameSession(state, { DB: env.DB, INFERENCE: inference, WEBHOOK_JOBS: env.WEBHOOK_JOBS });
    standIns.set(instance, standIn);
    // As the platform does: nobody is let in before it has read what there is.
    await state.blockConcurrencyWhile(async () => undefined);
    return standIn;
  };

  const stubOf = (name: string) => {
    const ask = <Answer>(call: (session: FrameSession) => Promise<Answer>): Promise<Answer> =>
      runInDurableObject(env.FRAME_SESSION.getByName(name), async (instance, state) =>
        call(await standInOf(instance, state)),
      );
    return {
      begin: (request: Parameters<FrameSession['begin']>[0]) => ask((session) => session.begin(request)),
      add: (request: Parameters<FrameSession['add']>[0]) => ask((session) => session.add(request)),
      conclude: (request: Parameters<FrameSession['conclude']>[0]) => ask((session) => session.conclude(request)),
      progress: () => ask((session) => session.progress()),
    };
  };
  return { getByName: stubOf } as unknown as DurableObjectNamespace<FrameSession>;
}
