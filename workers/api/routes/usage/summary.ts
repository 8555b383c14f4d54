import { iso } from '#shared/contract/common.ts';
import { invalidField } from '#shared/contract/errors.ts';
import { UsageSummary, UsageSummaryQuery } from '#shared/contract/usage.ts';
import { summariseUsage } from '#shared/db/usage.ts';
import { defineOperation } from '../../operation/operation.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_PERIOD_MS = 30 * DAY_MS;
const LONGEST_PERIOD_MS = 366 * DAY_MS;

export const readUsageSummary = defineOperation({
  id: 'readUsageSummary',
  method: 'GET',
  path: '/api/v1/usage/summary',
  tag: 'Usage',
  summary: 'Sum usage by day and model',
  description: 'Days are UTC. Without `from` and `to`, the last 30 days; at most 366.',
  access: 'key',
  scope: 'usage:read',
  query: UsageSummaryQuery,
  success: { status: 200, data: UsageSummary, description: 'Totals, and one row per day and model with usage.' },
  async handle({ query, caller, services }) {
    const toMs = query.to ?? services.nowMs() + 1;
    const fromMs = query.from ?? toMs - DEFAULT_PERIOD_MS;
    if (toMs <= fromMs) throw invalidField('to', 'to must lie after from');
    if (toMs - fromMs > LONGEST_PERIOD_MS) throw invalidField('from', 'from must lie at most 366 days before to');
    const rows = await summariseUsage(services.database, { organisationId: caller.organisation.id, fromMs, toMs });
    const total = (field: 'checks' | 'live' | 'fake' | 'credits') => rows.reduce((sum, row) => sum + row[field], 0);
    return {
      from: iso(fromMs),
      to: iso(toMs),
      totals: { checks: total('checks'), live: total('live'), fake: total('fake'), credits: total('credits') },
      days: rows.map(({ meanProcessingMs, ...row }) => ({ ...row, mean_processing_ms: meanProcessingMs })),
    };
  },
});
