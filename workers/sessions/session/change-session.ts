import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, isUniqueViolation } from '#shared/db/database.ts';
import {
  findSessionById,
  insertSessionEvent,
  lastSessionEvent,
  updateSession,
  type VerificationSessionRow,
} from '#shared/db/verification-sessions.ts';
import type { Actor, SessionReply } from '#shared/rpc/sessions.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { chainAuditEntry } from './audit-entry.ts';
import { presentEvent } from './present-event.ts';
import { type SessionCommand, transition } from './session-machine.ts';

export interface ChangeServices {
  database: Database;
  nowMs(): number;
  newId(): string;
}

export interface AskedChange {
  sessionId: string;
  command: SessionCommand;
  by: Actor;
  /** What the audit trail says was done; null where only a change is worth an entry. */
  told: { action: string; details: Record<string, unknown> | null } | null;
  /** What is to be written with the change, or not at all. */
  alongside?: BatchItem<'sqlite'>[];
}

const MOST_TRIES = 4;

/**
 * Every change of a session goes through here: judged by the machine, and written in one transaction with its audit entry and
 * what others are told of it. Two at once come to the same entry number, so one of them fails whole, looks again and judges anew.
 */
export async function changeSession(services: ChangeServices, asked: AskedChange): Promise<SessionReply> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryToChange(services, asked);
    } catch (error) {
      if (!isUniqueViolation(error) || tries >= MOST_TRIES) throw error;
    }
  }
}

async function tryToChange(services: ChangeServices, asked: AskedChange): Promise<SessionReply> {
  const { database, nowMs } = services;
  const session = await findSessionById(database, asked.sessionId);
  if (session === null) return { ok: false, refusal: { reason: 'not_found' } };
  const atMs = nowMs();
  const next = transition(session, asked.command, atMs);
  if (!next.ok) return next;
  if (next.change === null && asked.told === null) return { ok: true, session };
  const { entries, revision } = await entriesFor(services, session, asked, next.milestone, atMs);
  const changed: VerificationSessionRow = { ...session, ...next.change, revision };
  const events =
    next.milestone === null
      ? []
      : [webhookEventStatement(database, presentEvent(services, changed, next.milestone, atMs))];
  await database.batch([
    updateSession(database, session.id, next.change ?? {}, revision),
    ...entries.map((entry) => insertSessionEvent(database, entry)),
    ...(next.change === null ? [] : (asked.alongside ?? [])),
    ...events,
  ]);
  return { ok: true, session: changed };
}

/** What was told, then what it led to. */
async function entriesFor(
  { database, newId }: ChangeServices,
  session: VerificationSessionRow,
  { by, told }: AskedChange,
  milestone: string | null,
  atMs: number,
) {
  const actions = [
    ...(told === null ? [] : [{ ...told, ...by }]),
    ...(milestone === null ? [] : [{ action: `session_${milestone}`, details: null, actor: 'system', client: null }]),
  ];
  const entries = [];
  let previous = await lastSessionEvent(database, session.id);
  for (const action of actions) {
    const { organisationId, id: sessionId } = session;
    const entry = { id: newId(), createdAtMs: atMs, ...action };
    previous = await chainAuditEntry({ organisationId, sessionId, previous }, entry);
    entries.push(previous);
  }
  return { entries, revision: previous?.sequence ?? session.revision };
}
