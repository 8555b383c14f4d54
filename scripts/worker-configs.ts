import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { repositoryRoot } from './repository-root.ts';

const Named = z.looseObject({ binding: z.string() });

/** Of a wrangler.toml, what must be the same in the composed Worker and in the separate ones. */
const WorkerConfig = z.looseObject({
  name: z.string(),
  main: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()).default([]),
  d1_databases: z.array(Named.extend({ database_name: z.string() })).default([]),
  durable_objects: z
    .object({
      bindings: z.array(z.object({ name: z.string(), class_name: z.string(), script_name: z.string().optional() })),
    })
    .default({ bindings: [] }),
  migrations: z
    .array(z.looseObject({ tag: z.string(), new_sqlite_classes: z.array(z.string()).default([]) }))
    .default([]),
  services: z.array(Named.extend({ service: z.string(), entrypoint: z.string() })).default([]),
  queues: z
    .looseObject({
      producers: z.array(Named.extend({ queue: z.string() })).default([]),
      consumers: z
        .array(
          z.looseObject({
            queue: z.string(),
            max_batch_size: z.number(),
            max_retries: z.number(),
            dead_letter_queue: z.string().default('none'),
          }),
        )
        .default([]),
    })
    .default({ producers: [], consumers: [] }),
  r2_buckets: z.array(Named.extend({ bucket_name: z.string() })).default([]),
  assets: z.looseObject({ binding: z.string(), run_worker_first: z.boolean() }).optional(),
  triggers: z.object({ crons: z.array(z.string()) }).default({ crons: [] }),
  rules: z.array(z.looseObject({ type: z.string(), globs: z.array(z.string()) })).default([]),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;

export interface Configs {
  composed: WorkerConfig;
  /** By the path of the file. */
  deployed: Map<string, WorkerConfig>;
}

export function parseConfig(toml: string): WorkerConfig {
  return WorkerConfig.parse(parse(toml));
}

export async function readConfigs(): Promise<Configs> {
  const read = async (path: string) => parseConfig(await readFile(`${repositoryRoot}/${path}`, 'utf8'));
  const files = await readdir(`${repositoryRoot}/workers`, { recursive: true });
  const paths = files.filter((file) => /^[\w-]+\/wrangler\.toml$/.test(file)).map((file) => `workers/${file}`);
  const deployed = new Map<string, WorkerConfig>();
  for (const path of paths.sort()) deployed.set(path, await read(path));
  return { composed: await read('wrangler.toml'), deployed };
}

/** Everything that differs between what is developed on and what is deployed. */
export function findInconsistencies({ composed, deployed }: Configs): string[] {
  const problems: string[] = [];
  const workers = [...deployed.values()];
  for (const [path, config] of deployed) {
    if (config.compatibility_date !== composed.compatibility_date) problems.push(`${path}: compatibility_date differs`);
    for (const { service, binding } of config.services) {
      if (!workers.some(({ name }) => name === service))
        problems.push(`${path}: ${binding} names no Worker: ${service}`);
    }
    for (const { name, class_name, script_name = config.name } of config.durable_objects.bindings) {
      const home = workers.find((worker) => worker.name === script_name);
      const classes = home?.migrations.flatMap(({ new_sqlite_classes }) => new_sqlite_classes) ?? [];
      if (!classes.includes(class_name))
        problems.push(`${path}: ${name} names no class of ${script_name}: ${class_name}`);
    }
  }
  for (const service of composed.services) {
    if (service.service !== composed.name)
      problems.push(`wrangler.toml: ${service.binding} must bind the Worker itself`);
  }
  for (const [what, list] of Object.entries(LISTS)) {
    const here = new Set(list(composed));
    const there = new Set(workers.flatMap(list));
    for (const item of there.difference(here)) problems.push(`wrangler.toml lacks the ${what} ${item}`);
    for (const item of here.difference(there)) problems.push(`no workers/*/wrangler.toml has the ${what} ${item}`);
  }
  return problems;
}

const LISTS: Record<string, (config: WorkerConfig) => string[]> = {
  'compatibility flag': (config) => config.compatibility_flags,
  'D1 database': (config) => config.d1_databases.map((db) => `${db.binding} (${db.database_name})`),
  'Durable Object': (config) =>
    config.durable_objects.bindings.map((object) => `${object.name} (${object.class_name})`),
  'Durable Object class': (config) => config.migrations.flatMap((migration) => migration.new_sqlite_classes),
  service: (config) => config.services.map((service) => `${service.binding} (${service.entrypoint})`),
  'queue producer': (config) => config.queues.producers.map((producer) => `${producer.binding} (${producer.queue})`),
  'queue consumer': (config) =>
    config.queues.consumers.map(
      ({ queue, max_batch_size, max_retries, dead_letter_queue }) =>
        `${queue} (by ${max_batch_size}, ${max_retries} retries, then to ${dead_letter_queue})`,
    ),
  'R2 bucket': (config) => config.r2_buckets.map((bucket) => `${bucket.binding} (${bucket.bucket_name})`),
  'assets binding': ({ assets }) => (assets ? [`${assets.binding} (worker first: ${assets.run_worker_first})`] : []),
  cron: (config) => config.triggers.crons,
  'module rule': (config) => config.rules.flatMap((rule) => rule.globs.map((glob) => `${rule.type} ${glob}`)),
};
