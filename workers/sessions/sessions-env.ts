import { type Database, openDatabase } from '#shared/db/database.ts';
import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import type { FacesService } from '#shared/rpc/faces.ts';
import type { McpSession } from './mcp/mcp-session.ts';
import type { VerificationSession } from './session/verification-session.ts';
import { readSessionDataKey } from './session-data-key.ts';

/** What the platform binds to the sessions Worker; `workers/sessions/wrangler.toml` is its other half. */
export interface SessionsEnv {
  DB: D1Database;
  FACES: FacesService;
  VERIFICATION_SESSION: DurableObjectNamespace<VerificationSession>;
  MCP_SESSION: DurableObjectNamespace<McpSession>;
  WEBHOOK_JOBS: Queue<WebhookJob>;
  ENVIRONMENT?: string;
  SESSION_DATA_KEY?: string;
  VERIFICATION_TOKEN_SECRET?: string;
  WEBHOOK_LOCAL_TARGETS?: string;
}

export interface SessionServices {
  database: Database;
  faces: Pick<FacesService, 'readFaces'>;
  webhookJobs: Pick<Queue<WebhookJob>, 'send'>;
  /** Seals what is kept of persons, and what signs. */
  dataKey: string;
  nowMs(): number;
  newId(): string;
}

export function createSessionServices(env: SessionsEnv): SessionServices {
  return {
    database: openDatabase(env.DB),
    faces: env.FACES,
    webhookJobs: env.WEBHOOK_JOBS,
    dataKey: readSessionDataKey(env),
    nowMs: () => Date.now(),
    newId: () => crypto.randomUUID(),
  };
}
