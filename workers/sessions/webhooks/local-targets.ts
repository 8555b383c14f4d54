import { localTarget } from '#shared/public-fetch/local-target.ts';
import { checkPublicUrl } from '#shared/public-fetch/public-url.ts';

/** What is said of a target before anything is asked of the network; null: nothing against it. Reads after the name of a field. */
export function problemOfTarget(url: string, allowsLocal: boolean): string | null {
  if (allowsLocal && localTarget(url) !== null) return null;
  const check = checkPublicUrl(url);
  return check.ok ? null : check.message;
}

/** On a server it would let any customer speak to what runs beside the Worker. */
export function readAllowsLocal(env: { WEBHOOK_LOCAL_TARGETS?: string; ENVIRONMENT?: string }): boolean {
  const { WEBHOOK_LOCAL_TARGETS: value = '', ENVIRONMENT } = env;
  if (value === '') return false;
  if (value !== 'allowed') throw new Error('WEBHOOK_LOCAL_TARGETS must be "allowed", or not set');
  if (ENVIRONMENT !== 'development') throw new Error('WEBHOOK_LOCAL_TARGETS is for development only');
  return true;
}
