import type { z } from 'zod';
import type { CreateSessionBody, SessionState } from '../contract/sessions.ts';
import type { VerificationSessionRow } from '../db/verification-sessions.ts';
import type { StoredResult } from '../db/verifications.ts';

/** What the gateway may ask of the sessions Worker. Every answer is a result, for errors do not cross RPC whole. */
export interface SessionsService {
  /** Whether it has the secrets that it cannot do without. */
  ready(): Promise<{ ok: boolean }>;
  create(request: NewSession): Promise<Reply<{ session: VerificationSessionRow; access: SessionAccess }>>;
  /** Whose session a verification token opens. */
  openToken(token: string): Promise<OpenedToken>;
  record(request: SessionRecord): Promise<SessionReply>;
  cancel(request: SessionAddress & { by: Actor }): Promise<SessionReply>;
  /** Before a check: whether this attempt may be made. */
  admit(request: SessionAddress & { attempt: number; by: Actor }): Promise<SessionReply>;
  /** After it: what came of the attempt. Once is enough, more do no harm. */
  settle(request: SettledAttempt): Promise<SessionReply>;
  /** What attestations can be verified with: a JWK set. */
  publicKeys(): Promise<Reply<{ keys: JsonWebKey[] }>>;
}

export interface SessionAddress {
  organisationId: string;
  sessionId: string;
}

/** Who does it, and from where, for the audit trail. */
export interface Actor {
  actor: string;
  client: Record<string, string> | null;
}

export interface NewSession extends CreateSessionBody {
  /** The same again when a creation is repeated that died half-way. */
  id: string;
  organisationId: string;
  apiKeyId: string;
  origin: string;
  by: Actor;
}

/** What a session is opened with. Can be made again at any time, and is not stored. */
export interface SessionAccess {
  token: string;
  verificationUrl: string;
  callbackSecret: string | null;
}

export interface SessionRecord extends SessionAddress {
  event: string;
  details: Record<string, unknown> | null;
  by: Actor;
}

export interface SettledAttempt extends SessionAddress {
  attempt: number;
  result: Pick<StoredResult, 'verdict' | 'confidence' | 'warning'>;
  /** Of the same frames, to be compared with earlier sessions; empty where nobody asked for it. */
  crops: Uint8Array[];
}

export type SessionRefusal =
  | { reason: 'not_found' | 'no_consent' | 'no_such_attempt' | 'attempt_too_early' | 'trail_full' | 'unavailable' }
  /** `problem` reads after the name of the field. */
  | { reason: 'callback_refused'; problem: string }
  | { reason: 'session_closed'; state: z.infer<typeof SessionState> };

export type Reply<Value> = ({ ok: true } & Value) | { ok: false; refusal: SessionRefusal };
export type SessionReply = Reply<{ session: VerificationSessionRow }>;

export type OpenedToken =
  | { ok: true; session: VerificationSessionRow; apiKeyId: string }
  | { ok: false; reason: 'invalid' | 'expired' | 'unavailable' };
