import { calculateJwkThumbprint, importJWK } from 'jose';
import { z } from 'zod';
import type { StoredPublicJwk } from '#shared/db/schema-attestations.ts';
import type { UsableSigningKey } from '#shared/db/signing-keys.ts';
import { seal, unseal } from '#shared/lib/sealed.ts';

export const ALGORITHM = 'ES256';
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

const PrivateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

export interface MadeKey {
  kid: string;
  publicJwk: StoredPublicJwk;
  sealedPrivateJwk: string;
}

/** A new pair; its private part leaves this function sealed only. */
export async function makeSigningKey(dataKey: string): Promise<MadeKey> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('no pair of keys was made');
  const privateJwk = PrivateJwk.parse(await crypto.subtle.exportKey('jwk', pair.privateKey));
  const { kty, crv, x, y } = privateJwk;
  const publicJwk = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, publicJwk, sealedPrivateJwk: await seal(JSON.stringify(privateJwk), dataKey, purposeOf(kid)) };
}

export async function openSigningKey(key: UsableSigningKey, dataKey: string): Promise<CryptoKey> {
  const opened = await unseal(key.sealedPrivateJwk, dataKey, purposeOf(key.kid)).catch((cause: unknown) => {
    throw new Error(`the signing key ${key.kid} cannot be opened: is SESSION_DATA_KEY another one than before?`, {
      cause,
    });
  });
  const imported = await importJWK(PrivateJwk.parse(JSON.parse(opened)), ALGORITHM);
  if (imported instanceof Uint8Array) throw new Error('a signing key is not symmetric');
  return imported;
}

/** A key that is put in the place of another one does not open. */
const purposeOf = (kid: string) => `attestation signing key ${kid}`;
