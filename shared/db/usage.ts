import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { usageEvents } from './schema.ts';

export type UsageEventRow = typeof usageEvents.$inferSelect;

export interface UsageFilter {
  organisationId: string;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  model?: string | undefined;
}

function matching(filter: UsageFilter) {
  return and(
    eq(usageEvents.organisationId, filter.organisationId),
    filter.model === undefined ? undefined : eq(usageEvents.model, filter.model),
    filter.fromMs === undefined ? undefined : gte(usageEvents.createdAtMs, filter.fromMs),
    filter.toMs === undefined ? undefined : lt(usageEvents.createdAtMs, filter.toMs),
  );
}

export async function listUsage(db: Database, filter: UsageFilter, page: PageRequest): Promise<UsageEventRow[]> {
  return db
    .select()
    .from(usageEvents)
    .where(and(matching(filter), olderThan(usageEvents, page.after)))
    .orderBy(...newestFirst(usageEvents))
    .limit(page.limit + 1);
}

const count = (condition = sql`1`) => sql<number>`coalesce(sum(${condition}), 0)`;

export async function summariseUsage(db: Database, filter: UsageFilter) {
  const day = sql<string>`date(${usageEvents.createdAtMs} / 1000, 'unixepoch')`;
  return db
    .select({
      day,
      model: usageEvents.model,
      checks: count(),
      live: count(sql`${usageEvents.verdict} = 'live'`),
      fake: count(sql`${usageEvents.verdict} = 'fake'`),
      credits: count(sql`${usageEvents.credits}`),
      meanProcessingMs: sql<number>`avg(${usageEvents.processingMs})`,
    })
    .from(usageEvents)
    .where(matching(filter))
    .groupBy(day, usageEvents.model)
    .orderBy(day, usageEvents.model);
}
