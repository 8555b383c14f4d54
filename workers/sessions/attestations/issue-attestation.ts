import { SignJWT } from 'jose';
import type { AttestationClaims } from '#shared/contract/attestations.ts';
import { listPublishedKeys, type UsableSigningKey } from '#shared/db/signing-keys.ts';
import { ALGORITHM, openSigningKey } from './make-signing-key.ts';
import { signingKeyAt } from './plan-signing-keys.ts';
import { type SigningKeyServices, tendSigningKeys } from './tend-signing-keys.ts';

export interface AttestationServices extends SigningKeyServices {
  newId(): string;
}

/** Of what is attested. Nobody's absence is: there is none for `fake`. */
export interface AttestedSession {
  verdict: 'live';
  confidence: number;
  action: string;
  sessionId: string;
  /** The origin of the API. */
  issuer: string;
  /** null where nobody was named: the session itself is meant. */
  subject: string | null;
  /** The slug of the organisation. */
  audience: string;
  riskLevel: AttestationClaims['risk_level'];
  model: string;
  /** When it was judged. */
  issuedAtMs: number;
  lifetimeSeconds: number;
  /** null where nothing was compared. */
  facemeshComparison: { matchFound: boolean; similarityScore: number | null } | null;
}

export interface IssuedAttestation {
  token: string;
  id: string;
  expiresAtMs: number;
}

/** Signs, or throws: there is no attestation without a key to verify it by. */
export async function issueAttestation(
  services: AttestationServices,
  attested: AttestedSession,
): Promise<IssuedAttestation> {
  const key = await signingKey(services);
  const issuedAt = Math.floor(attested.issuedAtMs / 1000);
  const claims: AttestationClaims = {
    iss: attested.issuer,
    aud: attested.audience,
    sub: attested.subject ?? attested.sessionId,
    jti: services.newId(),
    iat: issuedAt,
    exp: issuedAt + attested.lifetimeSeconds,
    verdict: attested.verdict,
    confidence: attested.confidence,
    action: attested.action,
    session_id: attested.sessionId,
    risk_level: attested.riskLevel,
    model: attested.model,
    ...presentComparison(attested.facemeshComparison),
  };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'JWT' })
    .sign(await openSigningKey(key, services.dataKey));
  return { token, id: claims.jti, expiresAtMs: claims.exp * 1000 };
}

function presentComparison(
  compared: AttestedSession['facemeshComparison'],
): Pick<AttestationClaims, 'facemesh_comparison'> {
  if (compared === null) return {};
  return { facemesh_comparison: { match_found: compared.matchFound, similarity_score: compared.similarityScore } };
}

async function signingKey(services: AttestationServices): Promise<UsableSigningKey> {
  const key = signingKeyAt(await listPublishedKeys(services.database), services.nowMs());
  if (key !== null) return key;
  await tendSigningKeys(services);
  const made = signingKeyAt(await listPublishedKeys(services.database), services.nowMs());
  if (made === null) throw new Error('there is no key to sign attestations with');
  return made;
}
