import { z } from 'zod';
import type { VideoJob } from '#shared/jobs/video-job.ts';
import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import type { FacesService } from '#shared/rpc/faces.ts';
import type { GalleriesService } from '#shared/rpc/galleries.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import type { McpService } from '#shared/rpc/mcp.ts';
import type { SessionsService } from '#shared/rpc/sessions.ts';
import type { WebhooksService } from '#shared/rpc/webhooks.ts';
import type { FrameSession } from '../stream/frame-session.ts';
import type { RateLimit } from './rate-limit/rate-limit.ts';

/** What the platform binds to the gateway; `workers/api/wrangler.toml` is its other half. */
export interface GatewayEnv {
  DB: D1Database;
  RATE_LIMIT: DurableObjectNamespace<RateLimit>;
  FRAME_SESSION: DurableObjectNamespace<FrameSession>;
  INFERENCE: InferenceService;
  FACES: FacesService;
  GALLERIES: GalleriesService;
  SESSIONS: SessionsService;
  MCP: McpService;
  WEBHOOKS: WebhooksService;
  WEBHOOK_JOBS: Queue<WebhookJob>;
  PAGES: Fetcher;
  VIDEOS: R2Bucket;
  VIDEO_JOBS: Queue<VideoJob>;
  ENVIRONMENT?: string;
  APP_TO_APP_TOKEN?: string;
  API_TOKEN_SECRET?: string;
  DOCS_BASIC_AUTH?: string;
  PUBLIC_ORIGIN?: string;
  UPSTASH_REDIS_REST_URL?: string;
  UPSTASH_REDIS_REST_TOKEN?: string;
}

/** The token that the composed local configuration sets. It must open nothing elsewhere. */
export const LOCAL_APP_TOKEN = 'local-app-token';
/** Likewise: with it, anybody could sign tokens. */
export const LOCAL_API_TOKEN_SECRET = 'local-api-token-secret-known-to-everybody';

const Text = z.string().optional();

const Settings = z
  .object({
    ENVIRONMENT: z.enum(['development', 'production']).default('production'),
    APP_TO_APP_TOKEN: z.string().min(12, 'needs at least 12 characters').optional(),
    API_TOKEN_SECRET: z.string().min(32, 'needs at least 32 characters').optional(),
    DOCS_BASIC_AUTH: z
      .string()
      .regex(/^[^:]+:.+$/, 'must read user:password')
      .optional(),
    PUBLIC_ORIGIN: z
      .url({ protocol: /^https?$/, error: 'must be an origin: https://api.example.com' })
      .refine((text) => URL.parse(text)?.origin === text, 'must be an origin, without a path')
      .optional(),
    UPSTASH_REDIS_REST_URL: z
      .url({ protocol: /^https?$/, error: 'must be the URL of the Redis REST endpoint' })
      .optional(),
    UPSTASH_REDIS_REST_TOKEN: Text,
  })
  .superRefine((env, context) => {
    const complain = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if (env.UPSTASH_REDIS_REST_URL && !env.UPSTASH_REDIS_REST_TOKEN) {
      complain('UPSTASH_REDIS_REST_TOKEN', 'is required with UPSTASH_REDIS_REST_URL');
    }
    if (env.UPSTASH_REDIS_REST_TOKEN && !env.UPSTASH_REDIS_REST_URL) {
      complain('UPSTASH_REDIS_REST_URL', 'is required with UPSTASH_REDIS_REST_TOKEN');
    }
    if (env.ENVIRONMENT === 'production') {
      if (env.APP_TO_APP_TOKEN === LOCAL_APP_TOKEN) complain('APP_TO_APP_TOKEN', 'is the local one; choose a secret');
      if (env.API_TOKEN_SECRET === LOCAL_API_TOKEN_SECRET)
        complain('API_TOKEN_SECRET', 'is the local one; choose a secret');
      if (env.UPSTASH_REDIS_REST_URL?.startsWith('http:')) complain('UPSTASH_REDIS_REST_URL', 'must be https');
    }
  });

export interface GatewaySettings {
  environment: 'development' | 'production';
  appToken: string | null;
  /** Signs the tokens of `POST /api/v1/tokens`; null: there are none. */
  apiTokenSecret: string | null;
  docsCredentials: { username: string; password: string } | null;
  /** What links and attestations name; null: what the request was sent to. */
  publicOrigin: string | null;
  redis: { url: string; token: string } | null;
}

/** Names every variable that is wrong and why, never a value. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

/** Empty strings count as unset: that is how a `.dev.vars` line without a value arrives. */
export function readSettings(env: object): GatewaySettings {
  const given = Object.entries(env).filter(([, value]) => typeof value !== 'string' || value.trim() !== '');
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidEnvironment(`The environment is not valid. ${problems.join('; ')}`);
  }
  const values = parsed.data;
  const [username = '', ...password] = values.DOCS_BASIC_AUTH?.split(':') ?? [];
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = values;
  return {
    environment: values.ENVIRONMENT,
    appToken: values.APP_TO_APP_TOKEN ?? null,
    apiTokenSecret: values.API_TOKEN_SECRET ?? null,
    docsCredentials: values.DOCS_BASIC_AUTH ? { username, password: password.join(':') } : null,
    publicOrigin: values.PUBLIC_ORIGIN ?? null,
    redis: url && token ? { url, token } : null,
  };
}

export function complainAboutEnvironment(env: object): void {
  try {
    readSettings(env);
  } catch (error) {
    if (!(error instanceof InvalidEnvironment)) throw error;
    console.error(JSON.stringify({ level: 'error', event: 'invalid_environment', message: error.message }));
  }
}

const settingsOfEnv = new WeakMap<object, GatewaySettings>();

/** Read once per isolate. */
export function settingsOf(env: object): GatewaySettings {
  const known = settingsOfEnv.get(env);
  if (known) return known;
  const settings = readSettings(env);
  settingsOfEnv.set(env, settings);
  return settings;
}
