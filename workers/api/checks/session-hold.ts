import { ApiFailure } from '#shared/contract/errors.ts';
import {
  claimVerification,
  findVerification,
  type HeldVerification,
  releaseVerification,
  renewClaim,
  type StoredResult,
  type VerificationScope,
} from '#shared/db/verifications.ts';
import type { Services } from '../services.ts';
import { FIRST_LOOK_MS, LEASE_MS, LONGEST_PAUSE_MS, RENEW_AFTER_MS, WAIT_FOR_FIRST_MS } from './check-limits.ts';

/** The right of one request to work on a session id. It runs out by itself when nobody renews it. */
export class SessionHold {
  readonly claim: HeldVerification;
  readonly #services: Services;
  #renewAtMs: number;

  private constructor(services: Services, claim: HeldVerification, nowMs: number) {
    this.#services = services;
    this.claim = claim;
    this.#renewAtMs = nowMs + RENEW_AFTER_MS;
  }

  /** `null` when the session is another request's, which may be done with it. */
  static async take(services: Services, scope: VerificationScope, apiKeyId: string): Promise<SessionHold | null> {
    const nowMs = services.nowMs();
    const claimToken = services.newId();
    const claim = {
      ...scope,
      id: services.newId(),
      apiKeyId,
      claimToken,
      startedAtMs: nowMs,
      leaseEndsAtMs: nowMs + LEASE_MS,
    };
    const taken = await claimVerification(services.database, claim, nowMs);
    return taken.claimed ? new SessionHold(services, { id: taken.id, claimToken }, nowMs) : null;
  }

  /** To be called as long as anything moves. */
  async renew(): Promise<void> {
    const nowMs = this.#services.nowMs();
    if (nowMs < this.#renewAtMs) return;
    this.#renewAtMs = nowMs + RENEW_AFTER_MS;
    if (!(await renewClaim(this.#services.database, this.claim, nowMs + LEASE_MS))) throw sessionLost();
  }

  /** Before the answer goes out, so that the client may send the same again at once. */
  async release(): Promise<void> {
    // When even this fails, the lease runs out by itself.
    await releaseVerification(this.#services.database, this.claim).catch(() => undefined);
  }
}

export interface FirstVerdict {
  contentHash: string | null;
  result: StoredResult;
}

/** What the first request with this session id comes to; it may still run. */
export async function waitForFirst(services: Services, scope: VerificationScope): Promise<FirstVerdict> {
  const giveUpAtMs = services.nowMs() + WAIT_FOR_FIRST_MS;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const row = await findVerification(services.database, scope);
    if (row?.result) return { contentHash: row.contentHash, result: row.result };
    const nowMs = services.nowMs();
    const isAlive = row !== null && (row.leaseEndsAtMs ?? 0) >= nowMs;
    if (!isAlive) throw inProgress('The first request with this session_id came to no verdict. Please send it again.');
    if (nowMs >= giveUpAtMs) throw inProgress('The first request with this session_id is still running');
    await services.sleep(pauseMs);
  }
}

export function sessionLost(): ApiFailure {
  return inProgress('Another request with this session_id has taken over. Please send it again.');
}

function inProgress(message: string): ApiFailure {
  return new ApiFailure({ code: 'idempotency_in_progress', message });
}
