import { z } from 'zod';
import { CheckMembers, LiveFrame, ModelChoice } from './checks.ts';

/** Another example than that of streams: whoever tries every example meets no session that is in use with another route. */
const SessionId = CheckMembers.shape.session_id.meta({
  description: 'Made by the client, one for each check: the same for all batches and for the check of them.',
  example: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
});

export const UploadBody = CheckMembers.omit({ diagnostics: true })
  .extend({
    session_id: SessionId,
    ...ModelChoice.shape,
    frames: z
      .array(LiveFrame)
      .min(1)
      .meta({ description: 'Some of the frames that the model needs, or all. An `index` comes once.' }),
  })
  .meta({ id: 'Upload' });

export const UploadAnswer = z
  .object({
    session_id: z.string(),
    frames_received: z.int().nonnegative().meta({ description: 'Different frames that are buffered, of all batches.' }),
    frames_required: z.int().positive().meta({ description: 'As many as the model needs.' }),
    is_complete: z.boolean().meta({ description: 'Whether the verdict can be asked for.' }),
    ttl_seconds: z.int().nonnegative().meta({
      description: 'The buffer is gone when nothing comes for so long; 0 once there is a verdict.',
    }),
    stored_durable: z.literal(true).meta({ description: 'What is answered for outlives a restart of the server.' }),
  })
  .meta({ id: 'UploadProgress' });
export type UploadAnswer = z.infer<typeof UploadAnswer>;

export const UploadedCheckBody = CheckMembers.extend({ session_id: SessionId, ...ModelChoice.shape }).meta({
  id: 'UploadedCheck',
});
export type UploadedCheckBody = z.output<typeof UploadedCheckBody>;

export const ExplainedCheckBody = UploadedCheckBody.extend({
  diagnostics: CheckMembers.shape.diagnostics.meta({ description: 'Not needed: the answer always has them.' }),
}).meta({ id: 'UploadedLiveCheck' });
