import { openDatabase } from '#shared/db/database.ts';
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

type Step = <Value>(call: () => Promise<Value>) => Promise<Value>;

function faultyMethods<Port extends object>(port: Port, step: Step): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => step(async () => await (Reflect.apply(member, target, args) as Promise<unknown>));
    },
  });
}

/** A statement runs by one of these, alone or in a batch. */
const RUNS: readonly PropertyKey[] = ['all', 'first', 'raw', 'run'];

function faultyDatabase(binding: D1Database, step: Step): D1Database {
  const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const watched = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => watched(target.bind(...values));
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const call = (...args: unknown[]) => Reflect.apply(member, target, args) as Promise<unknown>;
        return RUNS.includes(name) ? (...args: unknown[]) => step(() => call(...args)) : call;
      },
    });
    real.set(proxy, statement);
    return proxy;
  };
  return new Proxy(binding, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => watched(target.prepare(sql));
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) =>
          step(() => target.batch(statements.map((statement) => real.get(statement) ?? statement)));
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
