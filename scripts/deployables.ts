/** The Workers of production, in the order in which they must go up: a service binding needs its target to be there. */
export const DEPLOYABLES = ['inference', 'stream', 'pages', 'api'] as const;

/** Those that bind the database. */
export const DEPLOYABLES_WITH_DATABASE: readonly string[] = ['stream', 'api'];

export const D1_DATABASE_NAME = 'edge-liveness';

/** What Cloudflare takes: 10 MB after gzip on the paid plan. */
export const UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

export function configPath(worker: string): string {
  return `workers/${worker}/wrangler.toml`;
}

/**
 * A Worker's configuration with the id of the account's database in it, made by `npm run deploy`. Beside the original,
 * since wrangler reads paths as relative to the file. Ignored by git: the id is the account's.
 */
export function deployConfigPath(worker: string): string {
  return `workers/${worker}/wrangler.deploy.toml`;
}
