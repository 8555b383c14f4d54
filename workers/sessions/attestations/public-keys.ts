import type { JwkSet } from '#shared/contract/attestations.ts';
import { listPublishedKeys } from '#shared/db/signing-keys.ts';
import { ALGORITHM } from './make-signing-key.ts';
import { type SigningKeyServices, tendSigningKeys } from './tend-signing-keys.ts';

/** As `/.well-known/jwks.json` shows them: every key that is to be believed, also those that sign no more or not yet. */
export async function publicKeys(services: SigningKeyServices): Promise<JwkSet> {
  const published = await listPublishedKeys(services.database);
  // Before the first run of the schedule. An empty set would be kept by whoever asked.
  if (published.length === 0) await tendSigningKeys(services);
  const rows = published.length === 0 ? await listPublishedKeys(services.database) : published;
  return { keys: rows.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig', alg: ALGORITHM })) };
}
