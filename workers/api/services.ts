import { LRUCache } from 'lru-cache';
import { type Database, openDatabase } from '#shared/db/database.ts';
import type { VideoJob } from '#shared/jobs/video-job.ts';
import { fetchPublic } from '#shared/public-fetch/fetch-public.ts';
import { createHostResolver } from '#shared/public-fetch/resolve-host.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import type { RateLimiter } from '#shared/rpc/rate-limiter.ts';
import type { SessionsService } from '#shared/rpc/sessions.ts';
import type { WebhooksService } from '#shared/rpc/webhooks.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { type FrameSessions, frameSessions } from '../stream/frame-sessions.ts';
import { alwaysAnswering } from './always-answering.ts';
import { type GatewayEnv, type GatewaySettings, settingsOf } from './env.ts';
import type { FacePorts } from './faces/face-services.ts';
import { createProbes } from './rate-limit/create-probes.ts';
import { createRateLimiter } from './rate-limit/create-rate-limiter.ts';
import type { KeyRecord } from './use-cases/find-caller.ts';

/** What a use case may reach: ports, clock and randomness, no platform. */
export interface Services extends FacePorts {
  settings: GatewaySettings;
  database: Database;
  rateLimiter: RateLimiter;
  inference: InferenceService;
  sessions: SessionsService;
  webhooks: WebhooksService;
  frameSessions: FrameSessions;
  recordings: R2Bucket;
  videoJobs: Pick<Queue<VideoJob>, 'send'>;
  probes: Probes;
  caches: IsolateCaches;
  nowMs(): number;
  newId(): string;
  sleep(ms: number): Promise<void>;
  /** Work that may outlive the answer. Its failure is logged and changes nothing. */
  later(work: Promise<unknown>): void;
  /** Has what was stored told to webhooks now. */
  announce(organisationId: string): void;
}

/** Each asks one dependency whether it is there, and rejects when it is not. */
export interface Probes {
  rateLimitObject(): Promise<unknown>;
  /** `null`: not configured. */
  redis: (() => Promise<unknown>) | null;
}

/** A change of a key, an organisation or a host shows everywhere within this time: revocation promises 30 s. */
export const CACHE_LIFETIME_MS = 15_000;

export interface IsolateCaches {
  keys: LRUCache<string, KeyRecord>;
  organisationsByOrigin: LRUCache<string, string[]>;
}

export function createCaches(nowMs: () => number): IsolateCaches {
  // ttlResolution 0: by default the library keeps the time in a timer, which Workers tie to one request.
  const options = { ttl: CACHE_LIFETIME_MS, ttlResolution: 0, perf: { now: nowMs } };
  return {
    keys: new LRUCache({ ...options, max: 5000 }),
    organisationsByOrigin: new LRUCache({ ...options, max: 2000 }),
  };
}

const nowMs = () => Date.now();
const publicFetchPorts = { fetch, resolveHost: createHostResolver({ fetch }) };
const cachesOfIsolate = createCaches(nowMs);

export function createServices(env: GatewayEnv, later: Services['later']): Services {
  const database = openDatabase(env.DB);
  const webhookJobs = env.WEBHOOK_JOBS;
  return {
    settings: settingsOf(env),
    database,
    rateLimiter: createRateLimiter(env),
    inference: env.INFERENCE,
    sessions: alwaysAnswering('sessions', env.SESSIONS),
    webhooks: alwaysAnswering('webhooks', env.WEBHOOKS),
    faces: env.FACES,
    galleries: env.GALLERIES,
    fetchPublic: (url, limits) => fetchPublic(url, limits, publicFetchPorts),
    frameSessions: frameSessions(env.FRAME_SESSION),
    recordings: env.VIDEOS,
    videoJobs: env.VIDEO_JOBS,
    probes: createProbes(env),
    caches: cachesOfIsolate,
    nowMs,
    newId: () => crypto.randomUUID(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    later,
    announce: (organisationId) => later(announceEvents({ database, webhookJobs }, organisationId)),
  };
}
