import type { GatewayContext } from '../http-context.ts';

const LONGEST_VALUE = 256;
const HEADERS = { ip: 'cf-connecting-ip', country: 'cf-ipcountry', user_agent: 'user-agent' } as const;

/** From where a request came, as the platform says and the client claims. */
export function clientOf(c: GatewayContext): Record<string, string> {
  const known = Object.entries(HEADERS).flatMap(([name, header]) => {
    const value = c.req.header(header);
    return value === undefined ? [] : [[name, value.slice(0, LONGEST_VALUE)]];
  });
  return { ...Object.fromEntries(known), request_id: c.get('requestId') };
}
