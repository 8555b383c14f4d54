export interface RecordedQuery {
  sql: string;
  parameters: unknown[];
  rowCount: number | null;
}

/** A D1 binding that works as the real one, and tells afterwards which statements ran. */
export function recordQueries(real: D1Database): { database: D1Database; queries: RecordedQuery[] } {
  const queries: RecordedQuery[] = [];
  const recordOf = new WeakMap<object, RecordedQuery>();

  function wrapStatement(statement: D1PreparedStatement, record: RecordedQuery): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        if (property === 'bind') {
          return (...parameters: unknown[]) => {
            return wrapStatement(target.bind(...parameters), { ...record, parameters });
          };
        }
        if (property === 'all' || property === 'raw' || property === 'run' || property === 'first') {
          return async (...args: unknown[]) => {
            queries.push(record);
            const result: unknown = await Reflect.apply(value, target, args);
            record.rowCount = countRows(result);
            return result;
          };
        }
        return value.bind(target) as unknown;
      },
    });
    recordOf.set(wrapped, record);
    realOf.set(wrapped, statement);
    return wrapped;
  }

  const realOf = new WeakMap<object, D1PreparedStatement>();
  const database = new Proxy(real, {
    get(target, property) {
      if (property === 'prepare') {
        return (sql: string) => wrapStatement(target.prepare(sql), { sql, parameters: [], rowCount: null });
      }
      if (property === 'batch') {
        return (statements: D1PreparedStatement[]) => {
          for (const statement of statements) {
            const record = recordOf.get(statement);
            if (record) queries.push(record);
          }
          return target.batch(statements.map((statement) => realOf.get(statement) ?? statement));
        };
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { database, queries };
}

function countRows(result: unknown): number | null {
  if (Array.isArray(result)) return result.length;
  if (typeof result === 'object' && result !== null && 'results' in result && Array.isArray(result.results)) {
    return result.results.length;
  }
  return null;
}
