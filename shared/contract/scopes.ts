import { z } from 'zod';

export const SCOPES = [
  'detection:write',
  'detection:read',
  'session:write',
  'session:read',
  'session:audit',
  'keys:read',
  'keys:write',
  'usage:read',
  'credits:read',
  'webhooks:read',
  'webhooks:write',
  'hosts:read',
  'hosts:write',
  'faces:search',
  'faces:read',
  'faces:write',
] as const;

export const Scope = z.enum(SCOPES).meta({ description: 'One permission of an API key.' });
export type Scope = z.infer<typeof Scope>;

/** An empty list means every scope: keys made before scopes existed keep working. */
export function grantsScope(granted: readonly Scope[], required: Scope): boolean {
  return granted.length === 0 || granted.includes(required);
}

/** The first scope that `wanted` has and `granted` has not; `null` when a holder of `granted` may hand out `wanted`. */
export function firstScopeBeyond(granted: readonly Scope[], wanted: readonly Scope[]): Scope | null {
  const wantedExplicitly = wanted.length === 0 ? SCOPES : wanted;
  return wantedExplicitly.find((scope) => !grantsScope(granted, scope)) ?? null;
}
