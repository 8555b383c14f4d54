import { z } from 'zod';
import { Id, InstantInput, Timestamp } from './common.ts';
import { PageQuery } from './pagination.ts';

const Period = {
  from: InstantInput.optional().meta({ description: 'From this instant on.', example: '2026-01-01T00:00:00Z' }),
  to: InstantInput.optional().meta({ description: 'Before this instant.', example: '2027-01-01T00:00:00Z' }),
};

export const UsageQuery = PageQuery.extend({ ...Period, model: z.string().max(64).optional() });
export type UsageQuery = z.output<typeof UsageQuery>;

/** One check that was carried out and charged. */
export const UsageEvent = z
  .object({
    id: Id,
    operation: z.string().meta({ example: 'fastCheck' }),
    session_id: z.string(),
    api_key_id: Id.nullable(),
    model: z.string().meta({ example: 'mixed-30-v2' }),
    verdict: z
      .enum(['live', 'fake'])
      .nullable()
      .meta({ description: 'Null where a face was read or searched for and nobody was asked for a sign of life.' }),
    score: z.number().min(0).max(100).nullable(),
    credits: z.int().nonnegative(),
    frames_processed: z.int().nonnegative(),
    processing_ms: z.int().nonnegative(),
    created_at: Timestamp,
  })
  .meta({ id: 'UsageEvent' });
export type UsageEvent = z.infer<typeof UsageEvent>;

export const UsageSummaryQuery = z.object(Period);

export const UsageSummary = z
  .object({
    from: Timestamp,
    to: Timestamp,
    totals: z.object({ checks: z.int(), live: z.int(), fake: z.int(), credits: z.int() }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        model: z.string(),
        checks: z.int(),
        live: z.int(),
        fake: z.int(),
        credits: z.int(),
        mean_processing_ms: z.number(),
      }),
    ),
  })
  .meta({ id: 'UsageSummary' });
export type UsageSummary = z.infer<typeof UsageSummary>;
