import { z } from 'zod';
import { Id, Timestamp } from './common.ts';

export const CreditBalance = z
  .object({
    balance: z.int().nonnegative(),
    organisation: z.object({ id: Id, slug: z.string(), name: z.string() }),
    plan: z.object({
      requests_per_minute: z.int().meta({ description: 'The default of each route, for this key.' }),
      requests_per_minute_by_operation: z.record(z.string(), z.int()),
    }),
  })
  .meta({ id: 'CreditBalance' });
export type CreditBalance = z.infer<typeof CreditBalance>;

export const CREDIT_ENTRY_KINDS = ['grant', 'charge', 'adjustment'] as const;

export const CreditEntry = z
  .object({
    id: Id,
    kind: z.enum(CREDIT_ENTRY_KINDS),
    amount: z.int().meta({ description: 'Negative when credits were spent.' }),
    balance_after: z.int().nonnegative(),
    reference: z.string().meta({ description: 'What the entry is for; at most one entry per reference.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'CreditEntry' });
export type CreditEntry = z.infer<typeof CreditEntry>;
