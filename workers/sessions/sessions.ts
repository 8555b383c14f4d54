import { WorkerEntrypoint } from 'cloudflare:workers';
import { findSession, findSessionById, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import type {
  Actor,
  NewSession,
  OpenedToken,
  Reply,
  SessionAccess,
  SessionAddress,
  SessionRecord,
  SessionReply,
  SessionsService,
  SettledAttempt,
} from '#shared/rpc/sessions.ts';
import { publicKeys } from './attestations/public-keys.ts';
import { readTokenSecret } from './read-token-secret.ts';
import type { AskedChange } from './session/change-session.ts';
import { openSession } from './session/open-session.ts';
import { type SessionObject, sessionObject } from './session/session-objects.ts';
import { readSessionToken } from './session/session-token.ts';
import { readSessionDataKey } from './session-data-key.ts';
import { createSessionServices, type SessionsEnv } from './sessions-env.ts';

/** Reached through a service binding only. Reads are its own; every change is the object's of that session. */
export class Sessions extends WorkerEntrypoint<SessionsEnv> implements SessionsService {
  async ready(): Promise<{ ok: boolean }> {
    return await orUnavailable(async () => {
      readSessionDataKey(this.env);
      readTokenSecret(this.env);
      return { ok: true };
    });
  }

  async create(asked: NewSession): Promise<Reply<{ session: VerificationSessionRow; access: SessionAccess }>> {
    return await orUnavailable(async () => {
      const later = (work: Promise<unknown>) => this.ctx.waitUntil(work);
      return await openSession(this.env, createSessionServices(this.env), later, asked);
    });
  }

  async openToken(token: string): Promise<OpenedToken> {
    return await orUnavailable(async () => {
      const claims = await readSessionToken(token, readTokenSecret(this.env));
      if (claims === null) return { ok: false, reason: 'invalid' };
      if (claims.expiresAtMs <= Date.now()) return { ok: false, reason: 'expired' };
      const session = await findSessionById(createSessionServices(this.env).database, claims.sessionId);
      // Nobody acts for a key that is gone.
      if (session === null || session.apiKeyId === null) return { ok: false, reason: 'invalid' };
      return { ok: true, session, apiKeyId: session.apiKeyId };
    });
  }

  async record({ sessionId, event, details, by, ...address }: SessionRecord): Promise<SessionReply> {
    const told = { id: crypto.randomUUID(), action: event, details };
    return await this.#change({ ...address, sessionId }, { sessionId, command: { kind: 'record', event }, by, told });
  }

  async cancel({ by, ...address }: SessionAddress & { by: Actor }): Promise<SessionReply> {
    const told = { id: crypto.randomUUID(), action: 'cancel_asked', details: null };
    return await this.#change(address, { sessionId: address.sessionId, command: { kind: 'cancel' }, by, told });
  }

  async admit({ attempt, by, ...address }: SessionAddress & { attempt: number; by: Actor }): Promise<SessionReply> {
    const { sessionId } = address;
    const told = { id: crypto.randomUUID(), action: 'check_begun', details: { attempt } };
    return await this.#change(address, { sessionId, command: { kind: 'admit', attempt }, by, told });
  }

  async settle(asked: SettledAttempt): Promise<SessionReply> {
    return await orUnavailable(() => this.#objectOf(asked.sessionId).settle(asked));
  }

  async publicKeys(): Promise<Reply<{ keys: JsonWebKey[] }>> {
    return await orUnavailable(async () => ({ ok: true, ...(await publicKeys(createSessionServices(this.env))) }));
  }

  /** Of another organisation there is no such session. */
  async #change({ organisationId, sessionId }: SessionAddress, asked: Omit<AskedChange, 'alongside'>) {
    return await orUnavailable(async (): Promise<SessionReply> => {
      const session = await findSession(createSessionServices(this.env).database, organisationId, sessionId);
      if (session === null) return { ok: false, refusal: { reason: 'not_found' } };
      return await this.#objectOf(sessionId).change(asked);
    });
  }

  #objectOf(sessionId: string): SessionObject {
    return sessionObject(this.env.VERIFICATION_SESSION, sessionId);
  }
}

/** Whatever goes wrong leaves the session as it is, and the caller without a yes. */
async function orUnavailable<Answer>(work: () => Promise<Answer>) {
  try {
    return await work();
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'session_failed', reason: reasonOf(error) }));
    return { ok: false, reason: 'unavailable', refusal: { reason: 'unavailable' } } as const;
  }
}
