import { DurableObject } from 'cloudflare:workers';
import { type ApiError, ApiFailure } from '#shared/contract/errors.ts';
import { isDatabaseOutage, openDatabase } from '#shared/db/database.ts';
import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import type {
  AddRequest,
  BeginAnswer,
  BeginRequest,
  ConcludeAnswer,
  ConcludeRequest,
  FrameSessionService,
  SessionAnswer,
  SessionProgress,
} from '#shared/rpc/frame-session.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { SessionStore } from './session-store.ts';
import { SessionWork } from './session-work.ts';

/** What the platform binds to it; `workers/stream/wrangler.toml` is its other half. */
export interface FrameSessionEnv {
  DB: D1Database;
  INFERENCE: InferenceService;
  WEBHOOK_JOBS: Queue<WebhookJob>;
}

const RETRY_OUTAGE_AFTER_SECONDS = 5;
/** Where one thread serves both, work that begins at once would hold up the answer that has just been given. */
const AFTER_THE_ANSWER_MS = 20;

/** The buffer of one session of one organisation: the two are its name. It holds no timer and no connection, so it can sleep. */
export class FrameSession extends DurableObject<FrameSessionEnv> implements FrameSessionService {
  readonly #work: SessionWork;

  constructor(ctx: DurableObjectState, env: FrameSessionEnv) {
    super(ctx, env);
    const database = openDatabase(env.DB);
    const ports = { database, webhookJobs: env.WEBHOOK_JOBS };
    this.#work = new SessionWork({
      database,
      inference: env.INFERENCE,
      store: new SessionStore(ctx.storage),
      nowMs: () => Date.now(),
      newId: () => crypto.randomUUID(),
      announce: (organisationId) => ctx.waitUntil(announceEvents(ports, organisationId).catch(leftToSweep)),
      soon: (work) => void setTimeout(() => ctx.waitUntil(work()), AFTER_THE_ANSWER_MS),
    });
    // If the disk cannot be read the object does not start, and its callers fail: a session is never taken to be new because
    // nobody could look.
    ctx.blockConcurrencyWhile(() => this.#work.restore());
  }

  async begin(request: BeginRequest): Promise<BeginAnswer> {
    return await answer(async () => {
      const begun = await this.#work.begin(request);
      return 'result' in begun ? { ok: true, state: 'done', ...begun } : { ok: true, state: 'open', ...begun };
    });
  }

  async add(request: AddRequest): Promise<SessionAnswer> {
    return await answer(async () => {
      const added = await this.#work.add(request);
      return 'result' in added ? { ok: true, state: 'done', ...added } : { ok: true, state: 'open', ...added };
    });
  }

  async conclude(request: ConcludeRequest): Promise<ConcludeAnswer> {
    return await answer(async () => ({ ok: true, state: 'done', result: await this.#work.conclude(request) }));
  }

  async progress(): Promise<SessionProgress | null> {
    return this.#work.progress();
  }

  override async alarm(): Promise<void> {
    await this.#work.expire();
  }
}

/** Refusals and outages cross RPC as data; a fault of ours is thrown, and ends as one. */
async function answer<Good>(carryOut: () => Promise<Good>): Promise<Good | { ok: false; error: ApiError }> {
  try {
    return await carryOut();
  } catch (error) {
    if (error instanceof ApiFailure) return { ok: false, error: error.error };
    if (!isDatabaseOutage(error)) throw error;
    const message = 'The service is unavailable for the moment. Please try again.';
    return {
      ok: false,
      error: { code: 'service_unavailable', message, retryAfterSeconds: RETRY_OUTAGE_AFTER_SECONDS },
    };
  }
}

/** The event is in the outbox all the same. */
function leftToSweep(error: unknown): void {
  console.error(JSON.stringify({ level: 'error', event: 'announcement_failed', reason: String(error) }));
}
