import { describe, expect, it } from 'vitest';
import { type Configs, findInconsistencies, parseConfig, readConfigs } from './worker-configs.ts';

const composed = `
name = "local"
main = "index.ts"
compatibility_date = "2026-10-01"
compatibility_flags = ["nodejs_compat"]
[[d1_databases]]
binding = "DB"
database_name = "db"
[[durable_objects.bindings]]
name = "COUNTER"
class_name = "Counter"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["Counter"]
[[services]]
binding = "EYE"
service = "local"
entrypoint = "Eye"
`;
const api = composed.replace('service = "local"', 'service = "eye"').replace('"local"', '"api"');
const eye = 'name = "eye"\nmain = "eye.ts"\ncompatibility_date = "2026-10-01"';

function configs(texts: { composed?: string; api?: string; eye?: string }): Configs {
  const deployed = new Map([
    ['api', parseConfig(texts.api ?? api)],
    ['eye', parseConfig(texts.eye ?? eye)],
  ]);
  return { composed: parseConfig(texts.composed ?? composed), deployed };
}

describe('findInconsistencies', () => {
  it('finds none in this repository', async () => {
    const own = await readConfigs();
    expect([...own.deployed.keys()]).toContain('workers/api/wrangler.toml');
    expect(findInconsistencies(own)).toEqual([]);
  });

  it('finds none where there is none', () => {
    expect(findInconsistencies(configs({}))).toEqual([]);
  });

  it.each([
    ['another date', { eye: eye.replace('2026-10-01', '2026-09-01') }, 'eye: compatibility_date differs'],
    ['a service that is nowhere', { api: api.replace('"eye"', '"ear"') }, 'api: EYE names no Worker: ear'],
    [
      'a composed Worker that binds another',
      { composed: composed.replace('service = "local"', 'service = "eye"') },
      'must bind the Worker itself',
    ],
    [
      'a database under another name',
      { api: api.replace('"db"', '"other"') },
      'wrangler.toml lacks the D1 database DB (other)',
    ],
    [
      'a class that only local development has',
      { api: api.replace('["Counter"]', '[]') },
      'has the Durable Object class Counter',
    ],
    [
      'an object in a Worker that has no such class',
      { api: api.replace('class_name = "Counter"', 'class_name = "Counter"\nscript_name = "eye"') },
      'api: COUNTER names no class of eye: Counter',
    ],
    [
      'a cron that only production has',
      { eye: `${eye}\n[triggers]\ncrons = ["1 * * * *"]` },
      'wrangler.toml lacks the cron 1 * * * *',
    ],
    [
      'a flag that only production has',
      { eye: `${eye}\ncompatibility_flags = ["x"]` },
      'wrangler.toml lacks the compatibility flag x',
    ],
  ])('finds %s', (_name, texts, problem) => {
    expect(findInconsistencies(configs(texts)).join('\n')).toContain(problem);
  });
});
