import { ApiFailure, notFound } from '#shared/contract/errors.ts';
import { type AllowedHostRow, addHost, changeHost, removeHost } from '#shared/db/allowed-hosts.ts';
import { isUniqueViolation } from '#shared/db/database.ts';
import type { Services } from '../services.ts';

export async function allowHost(
  services: Services,
  organisationId: string,
  id: string,
  originPattern: string,
): Promise<AllowedHostRow> {
  const row = { id, organisationId, originPattern, createdAtMs: services.nowMs() };
  const added = await addHost(services.database, row);
  if (added === null) throw alreadyAllowed(originPattern);
  services.caches.organisationsByOrigin.clear();
  return added;
}

export async function changeAllowedHost(
  services: Services,
  organisationId: string,
  hostId: string,
  originPattern: string,
): Promise<AllowedHostRow> {
  const row = await changeHost(services.database, organisationId, hostId, originPattern).catch((error: unknown) => {
    throw isUniqueViolation(error) ? alreadyAllowed(originPattern) : error;
  });
  if (row === null) throw notFound('Host');
  services.caches.organisationsByOrigin.clear();
  return row;
}

export async function disallowHost(
  services: Services,
  organisationId: string,
  hostId: string,
): Promise<AllowedHostRow> {
  const row = await removeHost(services.database, organisationId, hostId);
  if (row === null) throw notFound('Host');
  services.caches.organisationsByOrigin.clear();
  return row;
}

function alreadyAllowed(originPattern: string): ApiFailure {
  return new ApiFailure({ code: 'conflict', message: `${originPattern} is allowed already` });
}
