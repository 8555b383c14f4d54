import { iso } from '#shared/contract/common.ts';
import { pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { UsageEvent, UsageQuery } from '#shared/contract/usage.ts';
import { listUsage, type UsageEventRow } from '#shared/db/usage.ts';
import { defineOperation } from '../../operation/operation.ts';

export const listUsageEvents = defineOperation({
  id: 'listUsage',
  method: 'GET',
  path: '/api/v1/usage',
  tag: 'Usage',
  summary: 'List checks that were carried out',
  description: 'One row per charged check, newest first.',
  access: 'key',
  scope: 'usage:read',
  query: UsageQuery,
  success: { status: 200, data: pageOf(UsageEvent), description: 'A page of the usage log.' },
  async handle({ query, caller, services }) {
    const filter = {
      organisationId: caller.organisation.id,
      fromMs: query.from,
      toMs: query.to,
      model: query.model,
    };
    const page = pageRequest(query);
    return toPage(await listUsage(services.database, filter, page), page, presentUsage);
  },
});

function presentUsage(row: UsageEventRow): UsageEvent {
  return {
    id: row.id,
    operation: row.operation,
    session_id: row.sessionId,
    api_key_id: row.apiKeyId,
    model: row.model,
    verdict: row.verdict,
    score: row.score,
    credits: row.credits,
    frames_processed: row.framesProcessed,
    processing_ms: row.processingMs,
    created_at: iso(row.createdAtMs),
  };
}
