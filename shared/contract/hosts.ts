import { z } from 'zod';
import { Id, Timestamp } from './common.ts';
import { canonicalOriginPattern } from './origin-pattern.ts';

export const OriginPattern = z
  .string()
  .trim()
  .max(255)
  .transform((text, context) => {
    const pattern = canonicalOriginPattern(text);
    if (pattern !== null) return pattern;
    context.addIssue({
      code: 'custom',
      message:
        'must be an origin (https://app.example.com), every subdomain of one (https://*.example.com), or http://localhost',
    });
    return z.NEVER;
  })
  .meta({
    description: 'A browser origin: exact, or `https://*.example.com` for every subdomain. No path.',
    example: 'https://app.example.com',
  });

export const HostBody = z.strictObject({ origin: OriginPattern }).meta({ id: 'HostInput' });

export const Host = z
  .object({ id: Id, origin: z.string().meta({ example: 'https://*.example.com' }), created_at: Timestamp })
  .meta({ id: 'Host' });
export type Host = z.infer<typeof Host>;

export const HostParams = z.object({ host_id: Id.toLowerCase() });
