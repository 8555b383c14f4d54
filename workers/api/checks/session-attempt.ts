import type { ModelId } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { invalidField } from '#shared/contract/errors.ts';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import type { Actor } from '#shared/rpc/sessions.ts';
import type { Services } from '../services.ts';
import { requireOwnSession } from '../sessions/find-session-caller.ts';
import { refusedSession } from '../sessions/session-refusals.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';

/** One check as an attempt of a verification session: whether it may be made, under which id it is stored, and what comes of it. */
export class SessionAttempt {
  readonly modelId: ModelId;
  readonly #services: Services;
  readonly #caller: KeyCaller;
  readonly #session: VerificationSessionRow;
  readonly #by: Actor;
  #admitted: { attempt: number; checkId: string } | null = null;

  constructor(services: Services, caller: KeyCaller, session: VerificationSessionRow, by: Actor) {
    const resolved = resolveModel({ model: session.model });
    if (!resolved.ok) throw new Error(`no model ${session.model}`);
    this.modelId = resolved.model.id;
    this.#services = services;
    this.#caller = caller;
    this.#session = session;
    this.#by = by;
  }

  /** The places of the pictures that are compared with earlier sessions: none where the person has not agreed to it. */
  get picturesToKeep(): ReadonlySet<number> {
    const { consent, userIdentifier, frameCount } = this.#session;
    if (userIdentifier === null || consent !== 'given') return new Set();
    return new Set([0, Math.floor(frameCount / 2), frameCount - 1]);
  }

  /** The same check twice is the same attempt. */
  async admit(sessionId: string, attempt: number): Promise<string> {
    requireOwnSession(this.#caller, sessionId);
    if (this.#admitted !== null) {
      if (this.#admitted.attempt === attempt) return this.#admitted.checkId;
      throw invalidField('attempt', 'attempt must stand before the crops');
    }
    const { organisationId, id } = this.#session;
    const reply = await this.#services.sessions.admit({ organisationId, sessionId: id, attempt, by: this.#by });
    if (!reply.ok) throw refusedSession(reply.refusal);
    this.#admitted = { attempt, checkId: reply.checkId };
    return reply.checkId;
  }

  async settle(attempt: number, result: StoredResult, crops: Uint8Array[]): Promise<void> {
    const { organisationId, id: sessionId } = this.#session;
    const { verdict, confidence, warning } = result;
    const settled = { organisationId, sessionId, attempt, result: { verdict, confidence, warning }, crops };
    const reply = await this.#services.sessions.settle({ ...settled, by: this.#by });
    if (!reply.ok) throw refusedSession(reply.refusal);
  }
}
