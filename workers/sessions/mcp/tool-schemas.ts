import { z } from 'zod';
import {
  ActionDescription,
  FacemeshComparison,
  FRAME_COUNTS,
  RISK_LEVELS,
  SESSION_STATES,
  UserIdentifier,
} from '#shared/contract/sessions.ts';

export const MOST_WAIT_SECONDS = 50;

export const VerifyInput = z.object({
  action_description: ActionDescription,
  risk_level: z
    .enum(RISK_LEVELS)
    .default('standard')
    .describe('`standard`: 10 frames. `high`: 30, for what is costly.'),
  frame_count: z.literal(FRAME_COUNTS).optional().describe('Instead of what the risk level stands for.'),
  user_identifier: UserIdentifier.optional().describe(
    'Whose presence; compared with their earlier sessions if they agree.',
  ),
  callback_url: z
    .url()
    .max(2048)
    .optional()
    .describe(
      'Told when the session is created, when the user begins and when it ends, for a host that does not poll.',
    ),
  reuse_within_seconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe(
      'Take an attestation of the same user and risk, with frame_count frames or more where that is given, that is no older and still valid. Needs user_identifier.',
    ),
});

export const StatusInput = z.object({
  session_id: z.uuid().describe('Of verify_human_presence.'),
  wait_seconds: z.number().min(0).max(MOST_WAIT_SECONDS).default(0).describe('Wait so long for something to change.'),
});

const status = z.enum(SESSION_STATES);

/** What both tools tell of a session. */
export const StatusOutput = z.object({
  session_id: z.string(),
  status,
  human_verified: z
    .boolean()
    .describe('The one thing to act on: a live person has confirmed. Everything else is a no.'),
  verdict: z.enum(['live', 'fake']).nullable(),
  confidence: z.number().nullable(),
  action_description: z.string(),
  risk_level: z.enum(RISK_LEVELS),
  attempts: z.int(),
  max_attempts: z.int(),
  failure_reason: z.string().nullable(),
  facemesh_comparison: FacemeshComparison.nullable(),
  attestation: z.string().nullable().describe('A JWT (ES256); verify it with /.well-known/jwks.json.'),
  attestation_expires_at: z.string().nullable(),
  expires_at: z.string(),
});
export type StatusOutput = z.infer<typeof StatusOutput>;

export const VerifyOutput = StatusOutput.extend({
  verification_url: z.string().nullable().describe('To be shown to the user. null where an attestation is used again.'),
  model: z.string(),
  model_version: z.string(),
  frame_count: z.int(),
  reused: z.boolean(),
  poll_after_seconds: z.int(),
});
export type VerifyOutput = z.infer<typeof VerifyOutput>;
