import { env } from 'cloudflare:workers';

/** The real D1, except that statements that match fail as they do when it cannot be reached. */
export function failingOn(pattern: RegExp): D1Database {
  return new Proxy(env.DB, {
    get(target, property) {
      if (property === 'prepare') {
        return (sql: string) => {
          if (pattern.test(sql)) throw new Error('D1_ERROR: Network connection lost.');
          return target.prepare(sql);
        };
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The real D1, except that statements that match, and batches with such ones, wait for the gate before they run. */
export function stallingOn(pattern: RegExp, gate: Promise<void>): D1Database {
  const stalled = new WeakSet<D1PreparedStatement>();
  const stall = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        if (property === 'bind') return (...parameters: unknown[]) => stall(target.bind(...parameters));
        return async (...args: unknown[]) => {
          await gate;
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
    stalled.add(proxy);
    return proxy;
  };
  return new Proxy(env.DB, {
    get(target, property) {
      if (property === 'prepare') {
        return (sql: string) => (pattern.test(sql) ? stall(target.prepare(sql)) : target.prepare(sql));
      }
      if (property === 'batch') {
        return async (statements: D1PreparedStatement[]) => {
          if (statements.some((statement) => stalled.has(statement))) await gate;
          return await target.batch(statements);
        };
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
