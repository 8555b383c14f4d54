import type { Hono } from 'hono';
import type { GatewayHono } from '../../http-context.ts';
import { forwardToPages, onlyReads } from './mount-documents.ts';

/** What a person with a link needs, and a page that embeds the element: open to everybody, also where the reference is not. */
const OPEN_PATHS = ['/verify/:session_id', '/embed/*', '/assets/:folder{(?:verify|capture)-[0-9a-f]+}/*'];

/** Before `mountDocuments`, which asks for a password on everything below /assets. */
export function mountVerify(app: Hono<GatewayHono>): void {
  for (const path of OPEN_PATHS) {
    app.use(path, onlyReads(path));
    app.get(path, forwardToPages);
  }
}
