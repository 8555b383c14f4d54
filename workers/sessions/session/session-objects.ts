import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { askObject } from '#shared/lib/ask-object.ts';
import type { SessionReply, SettledAttempt } from '#shared/rpc/sessions.ts';
import type { AskedChange } from './change-session.ts';
import type { VerificationSession, WatchedSession } from './verification-session.ts';

/** The object of a session, as the Workers that ask it see it. */
export interface SessionObject {
  watch(session: WatchedSession): Promise<void>;
  change(asked: Omit<AskedChange, 'alongside'>): Promise<SessionReply>;
  settle(asked: SettledAttempt): Promise<SessionReply>;
  expire(sessionId: string): Promise<SessionReply>;
  waitForChange(sessionId: string, knownRevision: number, timeoutMs: number): Promise<VerificationSessionRow | null>;
}

export function sessionObject(
  namespace: DurableObjectNamespace<VerificationSession>,
  sessionId: string,
): SessionObject {
  const ask = <Answer>(call: (object: SessionObject) => Promise<Answer>): Promise<Answer> =>
    askObject(() => stubOf(namespace, sessionId), call);
  return {
    watch: ({ id, expiresAtMs, checkUntilMs }) => ask((object) => object.watch({ id, expiresAtMs, checkUntilMs })),
    change: (asked) => ask((object) => object.change(asked)),
    settle: (asked) => ask((object) => object.settle(asked)),
    expire: (id) => ask((object) => object.expire(id)),
    waitForChange: (...known) => ask((object) => object.waitForChange(...known)),
  };
}

/** As its interface says it: the stub's own types wrap every answer in what RPC might do to it. */
function stubOf(namespace: DurableObjectNamespace<VerificationSession>, sessionId: string): SessionObject {
  return namespace.getByName(sessionId) as unknown as SessionObject;
}
