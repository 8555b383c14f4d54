import type { Hono } from 'hono';
import type { GatewayHono } from '../../http-context.ts';
import { forwardToPages, onlyReads } from './mount-documents.ts';

/** What a person with a link needs, and a page that embeds the element: open to everybody, also where the reference is not. */
const OPEN_ROUTES = [
  { path: '/verify/:session_id', route: '/verify/{session_id}' },
  { path: '/verify/:session_id/', route: '/verify/{session_id}' },
  { path: '/embed/*', route: '/embed/*' },
  { path: '/assets/:folder{(?:verify|capture)-[0-9a-f]+}/*', route: '/assets/*' },
];

/** Before `mountDocuments`, which asks for a password on everything below /assets. */
export function mountVerify(app: Hono<GatewayHono>): void {
  for (const { path, route } of OPEN_ROUTES) {
    app.use(path, onlyReads(route));
    app.get(path, forwardToPages);
  }
}
