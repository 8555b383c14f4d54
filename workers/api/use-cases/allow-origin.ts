import { ApiFailure } from '#shared/contract/errors.ts';
import { patternsAllowing } from '#shared/contract/origin-pattern.ts';
import { organisationsAllowing } from '#shared/db/allowed-hosts.ts';
import type { Services } from '../services.ts';
import { findBearerCaller } from '../tokens/find-bearer-caller.ts';
import type { Credentials } from './find-caller.ts';

export async function originIsAllowedBySomebody(services: Services, origin: string): Promise<boolean> {
  return (await organisationsOf(services, origin)).length > 0;
}

/**
 * Without a valid key the answer holds nothing of an organisation's: it is an error, or the list of models for the app
 * token. So any organisation's host may read it.
 */
export async function mayReadAnswer(services: Services, origin: string, credentials: Credentials): Promise<boolean> {
  const organisations = await organisationsOf(services, origin);
  if (organisations.length === 0) return false;
  const organisationId = await organisationOf(services, credentials);
  return organisationId === null || organisations.includes(organisationId);
}

async function organisationOf(services: Services, credentials: Credentials): Promise<string | null> {
  try {
    return (await findBearerCaller(services, credentials)).organisation.id;
  } catch (error) {
    if (error instanceof ApiFailure) return null;
    throw error;
  }
}

async function organisationsOf(services: Services, origin: string): Promise<string[]> {
  const known = services.caches.organisationsByOrigin.get(origin);
  if (known) return known;
  const patterns = patternsAllowing(origin);
  // Not remembered: what is no origin can be anything, of any length.
  if (patterns.length === 0) return [];
  const organisations = await organisationsAllowing(services.database, patterns);
  services.caches.organisationsByOrigin.set(origin, organisations);
  return organisations;
}
