import { z } from 'zod';
import { hasVisibleCharacter, Id, InstantInput, Timestamp, UNFIT_TO_READ } from './common.ts';
import { Scope } from './scopes.ts';

const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !UNFIT_TO_READ.test(name), 'must not hold control characters')
  .refine(hasVisibleCharacter, 'must hold a visible character')
  .meta({ description: 'For people.', example: 'Production checks' });
const Scopes = z
  .array(Scope)
  .max(32)
  .transform((scopes) => [...new Set(scopes)])
  .meta({ description: 'What the key may do. An empty list means everything.', example: ['detection:write'] });

// Strict: a mistyped `scope` instead of `scopes` must not quietly make a key that may do everything.
export const CreateKeyBody = z
  .strictObject({
    name: Name,
    scopes: Scopes.default([]),
    expires_at: InstantInput.nullable().default(null),
  })
  .meta({ id: 'CreateKey' });
export type CreateKeyBody = z.output<typeof CreateKeyBody>;

export const UpdateKeyBody = z
  .strictObject({
    name: Name.optional(),
    scopes: Scopes.optional(),
    expires_at: InstantInput.nullable().optional(),
  })
  .meta({ id: 'UpdateKey' });
export type UpdateKeyBody = z.output<typeof UpdateKeyBody>;

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    prefix: z
      .string()
      .meta({ description: 'The first characters of the key, to tell keys apart.', example: 'sk-4fQ9x' }),
    scopes: z.array(Scope),
    status: z.enum(['active', 'expired', 'revoked']),
    expires_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable().meta({ description: 'To the minute.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().meta({ description: 'The key itself. Shown this once; only its hash is kept.' }),
}).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const KeyParams = z.object({ key_id: Id.toLowerCase() });
