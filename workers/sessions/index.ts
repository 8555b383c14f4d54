import type { SessionsEnv } from './sessions-env.ts';
import { tendSessions } from './tend-sessions.ts';
import { consumeWebhookJobs } from './webhooks/consume-webhook-jobs.ts';
import { createWebhookServices } from './webhooks/webhook-services.ts';

export { McpSession } from './mcp/mcp-session.ts';
export { Mcp } from './mcp.ts';
export { VerificationSession } from './session/verification-session.ts';
export { Sessions } from './sessions.ts';
export { Webhooks } from './webhooks.ts';

/** Nothing is served here: the gateway asks the entrypoints through its service bindings, and jobs come from the queue. */
export default {
  fetch: () => new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
  queue: (batch, env) => consumeWebhookJobs(batch, createWebhookServices(env)),
  scheduled: (_controller, env) => tendSessions(env),
} satisfies ExportedHandler<SessionsEnv>;
