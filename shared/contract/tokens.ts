import { z } from 'zod';
import { Timestamp } from './common.ts';
import { Scope } from './scopes.ts';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 24 * 60 * 60;
const DEFAULT_SECONDS = 60 * 60;

export const CreateTokenBody = z.strictObject({
  expires_in: z
    .int()
    .min(SHORTEST_SECONDS)
    .max(LONGEST_SECONDS)
    .default(DEFAULT_SECONDS)
    .meta({ description: 'How many seconds it shall be good for.', example: DEFAULT_SECONDS }),
  scopes: z
    .array(Scope)
    .min(1)
    .max(50)
    .optional()
    .meta({
      description: 'What it shall be good for, of what the key may; all of that by default.',
      example: ['faces:search'],
    }),
});
export type CreateTokenBody = z.output<typeof CreateTokenBody>;

export const ApiToken = z
  .object({
    token: z.string().meta({ description: 'A JWT, to be sent as `Authorization: Bearer`.' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    expires_at: Timestamp,
    scopes: z.array(Scope).meta({ description: 'Empty: every scope.' }),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;
