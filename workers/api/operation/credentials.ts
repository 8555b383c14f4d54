import type { GatewayContext } from '../http-context.ts';
import type { Credentials } from '../use-cases/find-caller.ts';

export function credentialsOf(c: GatewayContext): Credentials {
  const [, bearerToken = null] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  return { apiKey: c.req.header('x-api-key') ?? null, bearerToken };
}
