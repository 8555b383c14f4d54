import { z } from 'zod';

export const Model = z
  .object({
    id: z.string().meta({ example: 'mixed-30-v2' }),
    label: z.string(),
    description: z.string(),
    min_frames: z.int().positive(),
    deprecated: z.boolean(),
    aliases: z.array(z.string()).meta({
      description: '`X-Model-Version`/`frame_count` pairs that give this model.',
      example: ['latest/30', 'v2/30'],
    }),
  })
  .meta({ id: 'Model' });

export const ModelList = z.array(Model);
