import type { ModelId } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { invalidField } from '#shared/contract/errors.ts';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { attemptOperation } from '#shared/lib/attempt-operation.ts';
import type { Actor } from '#shared/rpc/sessions.ts';
import type { Services } from '../services.ts';
import { requireOwnSession } from '../sessions/find-session-caller.ts';
import { refusedSession } from '../sessions/session-refusals.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';

export const COMPARED_PICTURES = 5;

/** One check as an attempt of a verification session: whether it may be made, as what it is stored, and what comes of it. */
export class SessionAttempt {
  readonly modelId: ModelId;
  readonly #services: Services;
  readonly #caller: KeyCaller;
  readonly #session: VerificationSessionRow;
  readonly #by: Actor;
  #admitted: number | null = null;

  constructor(services: Services, caller: KeyCaller, session: VerificationSessionRow, by: Actor) {
    const resolved = resolveModel({ model: session.model });
    if (!resolved.ok) throw new Error(`no model ${session.model}`);
    this.modelId = resolved.model.id;
    this.#services = services;
    this.#caller = caller;
    this.#session = session;
    this.#by = by;
  }

  /** To be compared with earlier sessions: none where the person has not agreed to it. */
  get picturesToKeep(): number {
    const { consent, userIdentifier } = this.#session;
    return userIdentifier !== null && consent === 'given' ? COMPARED_PICTURES : 0;
  }

  /** The same check twice is the same attempt. */
  async admit(sessionId: string, attempt: number): Promise<void> {
    requireOwnSession(this.#caller, sessionId);
    if (this.#admitted === attempt) return;
    if (this.#admitted !== null) throw invalidField('attempt', 'attempt must stand before the crops');
    const { organisationId, id } = this.#session;
    const reply = await this.#services.sessions.admit({ organisationId, sessionId: id, attempt, by: this.#by });
    if (!reply.ok) throw refusedSession(reply.refusal);
    this.#admitted = attempt;
  }

  /** Of the attempt that was admitted. */
  get operation(): string {
    if (this.#admitted === null) throw new Error('no attempt was admitted');
    return attemptOperation(this.#admitted);
  }

  async settle(attempt: number, result: StoredResult, crops: Uint8Array[]): Promise<void> {
    const { organisationId, id: sessionId } = this.#session;
    const { verdict, confidence, warning } = result;
    const settled = { organisationId, sessionId, attempt, result: { verdict, confidence, warning }, crops };
    const reply = await this.#services.sessions.settle(settled);
    if (!reply.ok) throw refusedSession(reply.refusal);
  }
}
