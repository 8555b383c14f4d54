import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import { SCOPES, type Scope } from '#shared/contract/scopes.ts';

// One algorithm, named at both ends: a token cannot choose how it is checked.
const ALGORITHM = 'HS256';
const ISSUER = 'edge-liveness';
/** Apart from other tokens that the same deployment may sign. */
const AUDIENCE = 'edge-liveness-api';

const Claims = z.object({
  sub: z.uuid(),
  scopes: z.array(z.string()),
  iat: z.int(),
  exp: z.int(),
});

export interface TokenGrant {
  /** Of the key that the token stands for. */
  keyId: string;
  /** As in a key: empty is every scope. */
  scopes: Scope[];
  issuedAtMs: number;
  expiresAtMs: number;
}

export function signToken({ keyId, scopes, issuedAtMs, expiresAtMs }: TokenGrant, secret: string): Promise<string> {
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: keyId, scopes };
  return sign({ ...claims, iat: toSeconds(issuedAtMs), exp: toSeconds(expiresAtMs) }, secret, ALGORITHM);
}

/**
 * What a token grants; null when it is none of ours. Whether it is over is for the caller to say, who has the clock: by then
 * the signature has been looked at, so an answer about its time is given to whoever held it.
 */
export async function readToken(token: string, secret: string): Promise<TokenGrant | null> {
  try {
    const options = { alg: ALGORITHM, iss: ISSUER, aud: AUDIENCE, exp: false, iat: false, nbf: false } as const;
    const { sub, scopes, iat, exp } = Claims.parse(await verify(token, secret, options));
    // A scope that has since been taken out of the product grants nothing; were it left out, an empty list would grant all.
    if (!scopes.every(isScope)) return null;
    return { keyId: sub, scopes, issuedAtMs: iat * 1000, expiresAtMs: exp * 1000 };
  } catch {
    return null;
  }
}

function isScope(name: string): name is Scope {
  return SCOPES.some((scope) => scope === name);
}

function toSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}
