import { z } from 'zod';
import { CheckMembers, CheckResult, Frame, MAX_PIXELS_LENGTH, ModelChoice } from './checks.ts';

export const StreamFrameBody = CheckMembers.extend({
  ...ModelChoice.shape,
  frame: Frame.extend({ pixels: Frame.shape.pixels.max(MAX_PIXELS_LENGTH) }).meta({ id: 'StreamFrame' }),
}).meta({ id: 'FastCheckStream' });
export type StreamFrameBody = z.output<typeof StreamFrameBody>;

const Counted = {
  session_id: z.string(),
  frames_received: z.int().nonnegative().meta({ description: 'Different frames that are buffered.' }),
  frames_required: z.int().positive().meta({ description: 'As many as the model needs.' }),
};

const Buffering = z
  .object({
    status: z.literal('buffering'),
    ...Counted,
    ttl_seconds: z.int().nonnegative().meta({ description: 'The buffer is gone when no frame comes for so long.' }),
    warnings: z.array(z.string()).nullable().meta({ description: 'The `warnings` of this request, each once.' }),
  })
  .meta({ id: 'StreamBuffering' });

const Complete = CheckResult.extend({
  status: z.literal('complete'),
  ...Counted,
  ttl_seconds: z.literal(0),
  available: z.literal(true),
  error: z.null(),
}).meta({ id: 'StreamComplete' });

export const StreamAnswer = z.discriminatedUnion('status', [Buffering, Complete]).meta({ id: 'StreamAnswer' });
export type StreamAnswer = z.infer<typeof StreamAnswer>;
