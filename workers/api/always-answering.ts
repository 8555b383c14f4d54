import { reasonOf } from '#shared/lib/reason-of.ts';

const UNAVAILABLE = { ok: false, reason: 'unavailable', refusal: { reason: 'unavailable' } } as const;

/**
 * A Worker behind a binding whose every answer is a result. One that cannot be reached (a deploy, memory, the network between) gives the
 * result that says so, where the call alone would throw: whoever asks has one way to be refused, and the client hears 503 and not 500.
 */
export function alwaysAnswering<Service extends object>(name: string, service: Service): Service {
  return new Proxy(service, {
    get: (target, method) => {
      const call: unknown = Reflect.get(target, method, target);
      if (typeof call !== 'function') return call;
      return async (...args: unknown[]) => {
        try {
          return await Reflect.apply(call, target, args);
        } catch (error) {
          const details = { worker: name, method: String(method), reason: reasonOf(error) };
          console.error(JSON.stringify({ level: 'error', event: 'worker_unreachable', ...details }));
          return UNAVAILABLE;
        }
      };
    },
  });
}
