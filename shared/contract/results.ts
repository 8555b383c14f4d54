import { z } from 'zod';
import { VERDICTS } from './checks.ts';
import { Id, Timestamp } from './common.ts';

const STATUSES = ['queued', 'processing', 'complete', 'failed'] as const;

const DEFAULT_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 120;
/** Longer than any recording; what is over it is seconds taken for milliseconds, or a clock that was set. */
const LONGEST_CLIENT_TIME_MS = 60 * 60 * 1000;

export const ResultParams = z.object({
  id: Id.toLowerCase().meta({
    description: 'The `session_id` of a check, whichever route it came by, or the `submission_id` of a video.',
  }),
});

export const WaitQuery = z.object({
  timeout: z.coerce.number().int().min(0).max(LONGEST_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS).meta({
    description: 'Seconds within which the answer shall be there; 0 asks at once.',
    example: DEFAULT_WAIT_SECONDS,
  }),
});

/** What has become of a check. */
export const CheckProgress = z
  .object({
    job_id: z.string().meta({ description: 'Equals `session_id`.' }),
    status: z.enum(STATUSES).meta({
      description:
        '`queued`: frames are being gathered, or a video waits. `processing`: it is being worked on. `complete`: the verdict is there. `failed`: it came to no verdict.',
    }),
    session_id: z.string(),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    completed_at: Timestamp.nullable(),
    verdict: z.enum(VERDICTS).nullable(),
    confidence: z.number().min(0).max(1).nullable(),
    real_score: z.number().min(0).max(1).nullable(),
    processing_ms: z.int().nonnegative().nullable(),
    frames_processed: z.int().nonnegative().nullable().meta({ description: 'While `queued`: frames received so far.' }),
    available: z.boolean().meta({ description: 'Whether the verdict is there.' }),
    warning: z.string().nullable().meta({ description: 'What is wrong with the recording.' }),
    error: z.string().nullable().meta({ description: 'Why it failed, and what to do.' }),
  })
  .meta({ id: 'CheckProgress' });
export type CheckProgress = z.infer<typeof CheckProgress>;

export const QueueStats = z
  .object({
    queue_length: z.int().nonnegative().meta({ description: 'Videos of your organisation that wait for their turn.' }),
    queue_key: z.string().meta({ example: 'videos:acme' }),
  })
  .meta({ id: 'QueueStats' });

export const ClientTimeParams = z.object({ session_id: Id.toLowerCase() });

export const ClientTimeBody = z
  .object({
    client_time: z
      .number()
      .min(0)
      .max(LONGEST_CLIENT_TIME_MS)
      .transform(Math.round)
      .meta({ description: 'Milliseconds from the start to the verdict, at most one hour.', example: 4200 }),
  })
  .meta({ id: 'ClientTimeInput' });

export const ClientTime = z
  .object({
    session_id: z.string(),
    client_time: z.int().nonnegative().meta({ description: 'In whole milliseconds.' }),
  })
  .meta({ id: 'ClientTime' });
