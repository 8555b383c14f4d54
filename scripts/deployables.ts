/** The Workers of production, in the order in which they must go up: a service binding needs its target to be there. */
export const DEPLOYABLES = ['inference', 'faces', 'gallery', 'sessions', 'stream', 'video', 'pages', 'api'] as const;

/** Those that bind the database. */
export const DEPLOYABLES_WITH_DATABASE: readonly string[] = ['sessions', 'stream', 'video', 'api'];

export const D1_DATABASE_NAME = 'edge-liveness';

/** Made by `npm run deploy` where the account lacks them. */
export const R2_BUCKET_NAME = 'edge-liveness-videos';
/** Each dead-letter queue before the one that names it. */
export const QUEUE_NAMES = [
  'edge-liveness-video-dead',
  'edge-liveness-video',
  'edge-liveness-webhooks-dead',
  'edge-liveness-webhooks',
] as const;

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
