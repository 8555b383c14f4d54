import { type Database, openDatabase } from '#shared/db/database.ts';
import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import {
  type PublicPost,
  type PublicPostAnswer,
  type PublicPostLimits,
  postPublic,
} from '#shared/public-fetch/post-public.ts';
import type { Refusal } from '#shared/public-fetch/refusal.ts';
import { createHostResolver } from '#shared/public-fetch/resolve-host.ts';
import { readSessionDataKey } from '../session-data-key.ts';
import { readAllowsLocal } from './local-targets.ts';

export interface WebhooksEnv {
  DB: D1Database;
  WEBHOOK_JOBS: Queue<WebhookJob>;
  ENVIRONMENT?: string;
  SESSION_DATA_KEY?: string;
  WEBHOOK_LOCAL_TARGETS?: string;
}

export interface WebhookServices {
  database: Database;
  webhookJobs: Pick<Queue<WebhookJob>, 'send' | 'sendBatch'>;
  post(url: string, post: PublicPost, limits: PublicPostLimits): Promise<PublicPostAnswer | Refusal>;
  /** Seals the secrets of endpoints. */
  dataKey: string;
  allowsLocal: boolean;
  nowMs(): number;
  newId(): string;
  /** From 0 to 1. */
  random(): number;
  log(entry: LogEntry): void;
}

/** Never a URL, a secret or what was sent. */
export interface LogEntry {
  level: 'info' | 'error';
  event: string;
  delivery?: string;
  webhook?: string;
  message?: string;
  reason?: string;
}

const publicFetchPorts = { fetch, resolveHost: createHostResolver({ fetch }) };

export function createWebhookServices(env: WebhooksEnv): WebhookServices {
  return {
    database: openDatabase(env.DB),
    webhookJobs: env.WEBHOOK_JOBS,
    post: (url, post, limits) => postPublic(url, post, limits, publicFetchPorts),
    dataKey: readSessionDataKey(env),
    allowsLocal: readAllowsLocal(env),
    nowMs: () => Date.now(),
    newId: () => crypto.randomUUID(),
    random: () => Math.random(),
    log: (entry) => console[entry.level](JSON.stringify(entry)),
  };
}
