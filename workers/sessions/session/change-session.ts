import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, isUniqueViolation } from '#shared/db/database.ts';
import {
  findSessionById,
  hasSessionEvent,
  insertSessionEvent,
  lastSessionEvent,
  updateSession,
  type VerificationSessionRow,
} from '#shared/db/verification-sessions.ts';
import type { Actor, SessionReply } from '#shared/rpc/sessions.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { BY_SYSTEM, chainAuditEntry } from './audit-entry.ts';
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
  /** What the audit trail says was done; null where only what it leads to is worth an entry. */
  told: ToldEntry | null;
  /** What is to be written with the change, or not at all. */
  alongside?: BatchItem<'sqlite'>[];
}

interface ToldEntry {
  /** Made by whoever asks, so that a call that is made again is written down once. */
  id: string;
  action: string;
  details: Record<string, unknown> | null;
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
      if (!isUniqueViolation(error)) throw error;
      const before = await whatItCameTo(services, asked);
      if (before !== null) return before;
      if (tries >= MOST_TRIES) throw error;
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
  if (next.isRepetition || (next.change === null && asked.told === null)) return { ok: true, session };
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

/** Of a call that had got through, though its answer was lost; null when there was none. */
async function whatItCameTo(
  { database }: ChangeServices,
  { sessionId, told }: AskedChange,
): Promise<SessionReply | null> {
  if (told === null || !(await hasSessionEvent(database, told.id))) return null;
  const session = await findSessionById(database, sessionId);
  return session === null ? null : { ok: true, session };
}

/** What was told, then what it led to. Never none: their number is what keeps two writers apart. */
async function entriesFor(
  { database, newId }: ChangeServices,
  session: VerificationSessionRow,
  { by, told }: AskedChange,
  milestone: string | null,
  atMs: number,
) {
  const actions = [
    ...(told === null ? [] : [{ ...told, ...by }]),
    ...(milestone === null ? [] : [{ id: newId(), action: `session_${milestone}`, details: null, ...BY_SYSTEM }]),
  ];
  const entries = [];
  let previous = await lastSessionEvent(database, session.id);
  for (const action of actions) {
    const { organisationId, id: sessionId } = session;
    previous = await chainAuditEntry({ organisationId, sessionId, previous }, { createdAtMs: atMs, ...action });
    entries.push(previous);
  }
  if (previous === null || entries.length === 0) throw new Error('a change of a session without an entry in its trail');
  return { entries, revision: previous.sequence };
}
