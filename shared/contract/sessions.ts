import { z } from 'zod';
import { MAX_METADATA_BYTES, VERDICTS } from './checks.ts';
import { hasVisibleCharacter, Id, Timestamp, UNFIT_TO_READ } from './common.ts';
import { PageQuery } from './pagination.ts';

export const SESSION_STATES = ['pending', 'in_progress', 'completed', 'failed', 'expired', 'cancelled'] as const;
export const RISK_LEVELS = ['standard', 'high'] as const;
export const CONSENTS = ['given', 'refused'] as const;
export const FAILURE_REASONS = ['not_live', 'user_mismatch'] as const;
export const FRAME_COUNTS = [10, 30, 60, 90, 120] as const;

export const SessionState = z.enum(SESSION_STATES).meta({
  description:
    '`completed`: a live person was seen. `failed`: no attempt is left, or it was somebody else where the same person was asked for.',
});

const MAX_CALLBACK_URL_LENGTH = 2048;
const MAX_DETAILS_BYTES = 2048;

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
const JsonObject = (maxBytes: number) =>
  z
    .record(z.string(), z.unknown())
    .refine((value) => bytesOf(value) <= maxBytes, { message: `must be at most ${maxBytes} bytes of JSON` });

export const ActionDescription = z
  .string()
  .trim()
  .min(1)
  .max(500)
  // Nobody shall read another sentence than the one that is signed.
  .refine((text) => !UNFIT_TO_READ.test(text.replaceAll('\n', ' ')), 'must not hold control characters')
  .refine(hasVisibleCharacter, 'must hold a visible character')
  .meta({ description: 'What the person agrees to, in words for them.', example: 'Transfer 2,400 euros to Ana Ruiz' });

export const UserIdentifier = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => !UNFIT_TO_READ.test(text), 'must not hold control characters')
  // A parser of addresses swallows them: nobody could name such a user in a path, and have them forgotten.
  .refine((text) => text !== '.' && text !== '..', 'must not be . or ..')
  .meta({ description: 'Your own name for the person; better an id than an address.', example: 'user-4711' });

// Strict: a mistyped `require_user_match` must not quietly ask for less.
export const CreateSessionBody = z
  .strictObject({
    action_description: ActionDescription,
    risk_level: z.enum(RISK_LEVELS).default('standard').meta({ description: '`standard`: 10 frames, `high`: 30.' }),
    frame_count: z
      .literal(FRAME_COUNTS)
      .optional()
      .meta({ description: 'Instead of what the risk level stands for.', example: 10 }),
    user_identifier: UserIdentifier.optional(),
    require_user_match: z
      .boolean()
      .default(false)
      .meta({ description: 'Fail when it is not the person of the earlier sessions. Needs `user_identifier`.' }),
    callback_url: z.string().max(MAX_CALLBACK_URL_LENGTH).optional().meta({
      description: 'Gets the events of this session, as a webhook does.',
      example: 'https://example.com/done',
    }),
    max_attempts: z.int().min(1).max(5).default(3),
    ttl_seconds: z.int().min(60).max(3600).default(300).meta({ description: 'How long the link is good.' }),
    attestation_ttl_seconds: z.int().min(60).max(3600).default(600),
    metadata: JsonObject(MAX_METADATA_BYTES).optional(),
  })
  .refine((body) => !body.require_user_match || body.user_identifier !== undefined, {
    path: ['user_identifier'],
    message: 'is required with require_user_match',
  })
  .meta({ id: 'CreateSession' });
export type CreateSessionBody = z.output<typeof CreateSessionBody>;

export const FacemeshComparison = z
  .object({
    match_found: z.boolean().meta({ description: 'Whether it is the person of the earlier sessions.' }),
    similarity_score: z.number().min(0).max(1).nullable().meta({
      description: 'Over 0.80 is a match. null where the face could not be read, which is none.',
    }),
  })
  .meta({ id: 'FacemeshComparison' });

export const Session = z
  .object({
    session_id: Id,
    state: SessionState,
    action_description: z.string(),
    risk_level: z.enum(RISK_LEVELS),
    model: z.string().meta({ example: 'mixed-10-v2' }),
    model_version: z.literal('latest'),
    frame_count: z.int(),
    user_identifier: z.string().nullable(),
    asks_consent: z.boolean().meta({ description: 'Whether the person may be compared with earlier sessions.' }),
    consent: z.enum(CONSENTS).nullable(),
    require_user_match: z.boolean(),
    callback_url: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    max_attempts: z.int(),
    attempts: z.int().meta({ description: 'Attempts that have their verdict.' }),
    verdict: z.enum(VERDICTS).nullable().meta({ description: 'Of the last attempt.' }),
    confidence: z.number().min(0).max(1).nullable(),
    score: z.number().min(0).max(100).nullable(),
    warning: z.string().nullable(),
    facemesh_comparison: FacemeshComparison.nullable().meta({ description: 'null where nothing was compared.' }),
    failure_reason: z.enum(FAILURE_REASONS).nullable(),
    attestation: z.string().nullable().meta({ description: 'A JWT (ES256), once completed.' }),
    attestation_expires_at: Timestamp.nullable(),
    organisation: z.object({ name: z.string(), slug: z.string() }),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
    expires_at: Timestamp,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const CreatedSession = Session.extend({
  verification_url: z.string().meta({ description: 'For the person. Whoever has it can answer for them.' }),
  token: z.string().meta({ description: 'Good as `X-API-Key`, for this session only.' }),
  callback_secret: z.string().nullable().meta({ description: 'Signs what is sent to `callback_url`.' }),
}).meta({ id: 'CreatedSession' });
export type CreatedSession = z.infer<typeof CreatedSession>;

export const SessionParams = z.object({ session_id: Id.toLowerCase() });
export const SessionsQuery = PageQuery.extend({ state: SessionState.optional() });

/** Nobody else may write what could be taken for it. */
const WRITTEN_BY_SERVICE = /^(?:session_\w*|check_begun|attempt_judged|cancel_asked)$/;

export const RecordAuditBody = z
  .strictObject({
    event: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be in snake_case, at most 64 characters')
      .refine((event) => !WRITTEN_BY_SERVICE.test(event), 'must not be what the service itself writes')
      .meta({ example: 'capture_started' }),
    details: JsonObject(MAX_DETAILS_BYTES).optional(),
  })
  .meta({ id: 'RecordAudit' });
export type RecordAuditBody = z.output<typeof RecordAuditBody>;

export const AuditEntry = z
  .object({
    sequence: z.int(),
    at: Timestamp,
    actor: z.string().meta({ description: '`key:<id>`, `person` (who holds the link) or `system`.' }),
    action: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
    client: z.record(z.string(), z.string()).nullable(),
    previous_hash: z.string(),
    hash: z.string().meta({ description: 'SHA-256 over this entry and the hash before it.' }),
  })
  .meta({ id: 'AuditEntry' });
