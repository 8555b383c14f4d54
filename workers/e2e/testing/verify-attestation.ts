import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';

/** As anybody would who was handed the proof: with the public keys of who made it, and nothing else. Throws. */
export async function verifyAttestation(
  attestation: unknown,
  { origin, fetchAt }: { origin: string; fetchAt: (path: string) => Promise<Response> },
): Promise<JWTPayload> {
  const keys = (await (await fetchAt('/.well-known/jwks.json')).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(`${attestation}`, createLocalJWKSet(keys), { issuer: origin });
  return payload;
}
