import { desc, type SQL, sql } from 'drizzle-orm';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { PagePosition } from '../contract/pagination.ts';

export type Database = DrizzleD1Database;

export function openDatabase(binding: D1Database): Database {
  return drizzle(binding);
}

interface PageColumns {
  createdAtMs: SQLiteColumn;
  id: SQLiteColumn;
}

/** Rows strictly older than `position`, as a row value so that the (time, id) index serves it. */
export function olderThan(columns: PageColumns, position: PagePosition | null): SQL | undefined {
  if (position === null) return undefined;
  return sql`(${columns.createdAtMs}, ${columns.id}) < (${position.createdAtMs}, ${position.id})`;
}

export function newestFirst(columns: PageColumns): SQL[] {
  return [desc(columns.createdAtMs), desc(columns.id)];
}

/** A value as a column of a SELECT: what is inserted only where a condition holds is inserted from one. */
export function literal<Value>(value: Value, name: string) {
  return sql<Value>`${value}`.as(name);
}

/** True when a row with the same unique value was there first. */
export function isUniqueViolation(error: unknown): boolean {
  return messagesOf(error).some((message) => message.includes('UNIQUE constraint failed'));
}

/**
 * True for what D1 says when it cannot be reached or gives up. An error of SQLite itself (a broken constraint, say) is a
 * fault of ours, not an outage, and stays an internal error.
 */
export function isDatabaseOutage(error: unknown): boolean {
  const fromD1 = messagesOf(error).find((message) => D1_SPEAKS.test(message));
  return fromD1 !== undefined && !SQLITE_SPEAKS.test(fromD1);
}

const D1_SPEAKS = /D1_ERROR|D1 DB|Network connection lost|storage caused object to be reset/i;
const SQLITE_SPEAKS = /SQLITE_(CONSTRAINT|ERROR|MISMATCH|AUTH|TOOBIG)/;

/** drizzle wraps what D1 throws, so the telling message may be a cause further down. */
function messagesOf(error: unknown): string[] {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages;
}
