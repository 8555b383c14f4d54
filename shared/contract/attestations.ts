import { z } from 'zod';
import { FacemeshComparison, RISK_LEVELS } from './sessions.ts';

/** What an attestation says, once its signature is verified. See docs/attestations.md for what it does not say. */
export const AttestationClaims = z
  .object({
    iss: z.string().meta({ description: 'The API that made it.', example: 'https://liveness.example.com' }),
    aud: z.string().meta({ description: 'The slug of the organisation for which it was made.', example: 'acme' }),
    sub: z.string().meta({ description: 'Your `user_identifier`; the id of the session where there is none.' }),
    jti: z.string().meta({ description: 'Different in each; keep it where one must not be used twice.' }),
    iat: z.int(),
    exp: z.int(),
    verdict: z.literal('live'),
    confidence: z.number().min(0).max(1),
    action: z.string().meta({ description: 'What the person was shown and agreed to.' }),
    session_id: z.string(),
    risk_level: z.enum(RISK_LEVELS),
    model: z.string().meta({ example: 'mixed-10-v2' }),
    facemesh_comparison: FacemeshComparison.optional().meta({ description: 'Only where faces were compared.' }),
  })
  .meta({ id: 'AttestationClaims' });
export type AttestationClaims = z.infer<typeof AttestationClaims>;

export const PublicJwk = z
  .object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    kid: z.string().meta({ description: 'RFC 7638 thumbprint.' }),
    use: z.literal('sig'),
    alg: z.literal('ES256'),
  })
  .meta({ id: 'PublicJwk' });

export const JwkSet = z.object({ keys: z.array(PublicJwk) }).meta({ id: 'JwkSet' });
export type JwkSet = z.infer<typeof JwkSet>;
