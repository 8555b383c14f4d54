import { type ApiError, ApiFailure, ERROR_STATUS, invalidField } from '#shared/contract/errors.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import {
  claimIdempotencyKey,
  type IdempotencyRow,
  type IdempotencyScope,
  releaseClaim,
  storeFirstOutcome,
} from '#shared/db/idempotency.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { seal, unseal } from '#shared/lib/sealed.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from './find-caller.ts';

const REPLAY_FOR_MS = 24 * 60 * 60 * 1000;
/** A request that has not answered by then is taken for dead, and a repetition of it is carried out. */
const LOCK_MS = 60_000;

type Outcome<Data> = { data: Data } | { error: ApiError };
export type Answer<Data> = { outcome: Outcome<Data>; replayed: boolean };

export interface OnceRequest<Data> {
  caller: KeyCaller;
  operation: string;
  idempotencyKey: string;
  /** Everything the answer depends on: path parameters, query and body, as parsed. */
  request: unknown;
  carryOut(creation: Creation): Promise<Data>;
}

/**
 * The first request with a key is carried out and its answer kept for 24 h; the same request again gets that answer.
 * A refusal (4xx) is an answer too. A failure of ours is not: it frees the key, so that a retry does the work.
 */
export async function answerOnce<Data>(services: Services, once: OnceRequest<Data>): Promise<Answer<Data>> {
  const scope = await scopeOf(once);
  const requestHash = await sha256Hex(JSON.stringify(once.request));
  const nowMs = services.nowMs();
  const claim = {
    ...scope,
    requestHash,
    resourceId: services.newId(),
    lockedUntilMs: nowMs + LOCK_MS,
    expiresAtMs: nowMs + REPLAY_FOR_MS,
  };
  const { claimed, row } = await claimIdempotencyKey(services.database, claim, nowMs);
  if (!claimed) return replay(row, requestHash, once);
  try {
    const outcome = await firstOutcome(once, { id: row.resourceId, claimedUntilMs: claim.lockedUntilMs });
    const sealedOutcome = await seal(JSON.stringify(outcome), once.caller.secret, purposeOf(once));
    if (!(await storeFirstOutcome(services.database, claim, sealedOutcome))) throw claimLost();
    return { outcome, replayed: false };
  } catch (error) {
    // When even this fails, the lock runs out by itself.
    services.later(releaseClaim(services.database, claim));
    throw error;
  }
}

async function scopeOf({
  caller,
  operation,
  idempotencyKey,
}: Omit<OnceRequest<unknown>, 'carryOut'>): Promise<IdempotencyScope> {
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw invalidField('Idempotency-Key', 'Idempotency-Key must be 1 to 255 visible ASCII characters');
  }
  const namespace = caller.isToken ? 'token ' : '';
  return { apiKeyId: caller.key.id, operation, keyHash: await sha256Hex(namespace + idempotencyKey) };
}

async function firstOutcome<Data>(once: OnceRequest<Data>, creation: Creation): Promise<Outcome<Data>> {
  try {
    return { data: await once.carryOut(creation) };
  } catch (error) {
    if (error instanceof ApiFailure && isAnAnswer(error.error)) return { error: error.error };
    throw error;
  }
}

async function replay<Data>(row: IdempotencyRow, requestHash: string, once: OnceRequest<Data>): Promise<Answer<Data>> {
  if (row.requestHash !== requestHash) {
    const message = 'Idempotency-Key was used before with another request';
    throw new ApiFailure({ code: 'idempotency_key_reused', message });
  }
  if (row.sealedOutcome === null) {
    throw stillRunning('The first request with this Idempotency-Key is still running');
  }
  const text = await unseal(row.sealedOutcome, once.caller.secret, purposeOf(once));
  return { outcome: JSON.parse(text), replayed: true };
}

function purposeOf({ operation, idempotencyKey }: Omit<OnceRequest<unknown>, 'carryOut'>): string {
  return `idempotency ${operation} ${idempotencyKey}`;
}

/** A refusal is one; a failure of ours is not, nor what passes by itself: another's claim, an empty account. */
function isAnAnswer({ code }: ApiError): boolean {
  return ERROR_STATUS[code] < 500 && code !== 'idempotency_in_progress' && code !== 'insufficient_credits';
}

function stillRunning(message: string): ApiFailure {
  return new ApiFailure({ code: 'idempotency_in_progress', message });
}

/** This request took so long that another one took its place. What that one answers is the answer. */
export function claimLost(): ApiFailure {
  return stillRunning('Another request with this Idempotency-Key has taken over');
}
