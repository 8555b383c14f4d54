import type { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { GatewayHono } from '../../http-context.ts';
import { sessionsUnavailable } from '../../sessions/session-refusals.ts';
import { onlyReads } from './mount-documents.ts';

export const KEY_SET_PATH = '/.well-known/jwks.json';
/** A key is published a day before it signs, so an hour old is new enough. */
const CACHE_CONTROL = 'public, max-age=3600';

/** What attestations are verified with (RFC 7517), for everybody: without a password, and readable by any page. */
export function mountKeySet(app: Hono<GatewayHono>): void {
  app.use(KEY_SET_PATH, cors());
  app.use(KEY_SET_PATH, onlyReads(KEY_SET_PATH));
  app.get(KEY_SET_PATH, async (c) => {
    const reply = await c.var.services.sessions.publicKeys();
    if (!reply.ok) throw sessionsUnavailable();
    c.header('Cache-Control', CACHE_CONTROL);
    return c.body(JSON.stringify({ keys: reply.keys }), 200, { 'Content-Type': 'application/jwk-set+json' });
  });
}
