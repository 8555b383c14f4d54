import { z } from 'zod';

export const Dependency = z.enum(['ok', 'error', 'not_configured']);

export const Health = z
  .object({
    status: z.enum(['healthy', 'degraded']).meta({
      description: '`degraded`: it serves, but a dependency that it can do without for a while does not answer.',
    }),
    version: z.string().meta({ example: '2.1.0' }),
    environment: z.enum(['development', 'production']),
    models_loaded: z.array(z.string()).meta({
      description: 'Models whose weights the inference Worker has turned into running sessions.',
      example: ['mixed-10-v2', 'mixed-30-v2'],
    }),
    dependencies: z.object({
      database: Dependency,
      redis: Dependency.meta({ description: '`not_configured`: a Durable Object counts the rate limits.' }),
      rate_limiter: Dependency,
      inference: Dependency,
      faces: Dependency,
      gallery: Dependency,
      sessions: Dependency,
    }),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;
