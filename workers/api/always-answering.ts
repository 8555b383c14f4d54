import { reasonOf } from '#shared/lib/reason-of.ts';

const UNAVAILABLE = { ok: false, reason: 'unavailable', refusal: { reason: 'unavailable' } } as const;

/**
 * A Worker behind a binding whose every answer is a result. One that cannot be reached (a deploy, memory, a binding that is missing) gives the
 * result that says so, where the call alone would throw: whoever asks has one way to be refused, and the client hears 503 and not 500.
 */
export function alwaysAnswering<Service extends object>(name: string, service: Service): Service {
  return new Proxy(service ?? {}, {
    get:
      (_, method) =>
      async (...args: unknown[]) => {
        try {
          const call: unknown = Reflect.get(service, method);
          if (typeof call !== 'function') throw new Error('there is no such method');
          return await Reflect.apply(call, service, args);
        } catch (error) {
          const details = { worker: name, method: String(method), reason: reasonOf(error) };
          console.error(JSON.stringify({ level: 'error', event: 'worker_unreachable', ...details }));
          return UNAVAILABLE;
        }
      },
  });
}
