import { z } from 'zod';
import { Id, Timestamp } from './common.ts';
import { UserIdentifier } from './sessions.ts';

export const UserParams = z.object({ user_identifier: UserIdentifier });

export const KnownUser = z
  .object({
    user_identifier: z.string(),
    template_count: z.int().meta({ description: 'How many sessions the person is remembered from, five at most.' }),
    remembered_since: Timestamp,
    last_remembered_at: Timestamp,
    session_ids: z.array(Id).meta({ description: 'Those sessions, the newest first.' }),
  })
  .meta({ id: 'KnownUser' });
export type KnownUser = z.infer<typeof KnownUser>;

export const ForgottenUser = z
  .object({
    user_identifier: z.string(),
    erased: z.int().meta({ description: 'How many face templates were erased.' }),
  })
  .meta({ id: 'ForgottenUser' });
