import { ApiFailure } from '#shared/contract/errors.ts';
import { findOrganisationBySlug } from '#shared/db/organisations.ts';
import type { Services } from '../services.ts';
import type { Caller } from './find-caller.ts';

/** Only a path of one's own costs no query, and only a wrong one can tell whether the other tenant exists. */
export async function requireTenant(services: Services, caller: Caller, tenantSlug: string): Promise<void> {
  if (caller.kind === 'key' && caller.organisation.slug === tenantSlug) return;
  if ((await findOrganisationBySlug(services.database, tenantSlug)) === null) {
    throw new ApiFailure({ code: 'tenant_not_found', message: `Tenant "${tenantSlug}" not found` });
  }
  throw new ApiFailure({ code: 'tenant_mismatch', message: 'API key does not belong to the requested tenant' });
}
