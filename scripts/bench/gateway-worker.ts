import { Hono } from 'hono';
import { z } from 'zod';
import { createApp } from '../../workers/api/app.ts';
import type { GatewayEnv } from '../../workers/api/env.ts';
import { defineOperation } from '../../workers/api/operation/operation.ts';

export { RateLimit } from '../../workers/api/rate-limit/rate-limit.ts';

/** Does nothing behind everything that the gateway does: key, suspension, scope, rate limit, body, envelope, log. */
const nothing = defineOperation({
  id: 'benchNothing',
  method: 'POST',
  path: '/api/v1/nothing',
  tag: 'Benchmark',
  summary: 'A no-op',
  access: 'key',
  scope: 'detection:write',
  body: z.strictObject({ session_id: z.uuid(), model: z.string(), source: z.enum(['live', 'media']) }),
  success: { status: 200, data: z.object({ session_id: z.string() }), description: 'Nothing.' },
  handle: async ({ body }) => ({ session_id: body.session_id }),
});

const gateway = createApp([nothing]);
const bare = new Hono().post('/bare', (c) => c.json({ ok: true }));

export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '/bare' ? bare.fetch(request) : gateway.fetch(request, env, context),
} satisfies ExportedHandler<GatewayEnv>;
