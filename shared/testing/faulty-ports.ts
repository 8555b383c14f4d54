/** One call of a port, to be carried out or not. */
export type Step = <Value>(call: () => Promise<Value>) => Promise<Value>;

/** A port whose every method goes through `step`. */
export function faultyMethods<Port extends object>(port: Port, step: Step): Port {
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

/** The same for a database: a statement or a batch is one call. */
export function faultyDatabase(binding: D1Database, step: Step): D1Database {
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
