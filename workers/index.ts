// All Workers in one process, for local development and tests. Production deploys workers/*/wrangler.toml instead.

import type { GatewayEnv } from './api/env.ts';
import api from './api/index.ts';
import sessions from './sessions/index.ts';
import type { SessionsEnv } from './sessions/sessions-env.ts';
import video from './video/index.ts';
import type { VideoEnv } from './video/video-env.ts';

export { RateLimit } from './api/index.ts';
export { Faces } from './faces/faces.ts';
export { Galleries } from './gallery/galleries.ts';
export { GalleryShard } from './gallery/gallery-shard.ts';
export { Inference } from './inference/inference.ts';
export { Pages } from './pages/pages.ts';
export { McpSession } from './sessions/mcp/mcp-session.ts';
export { Mcp } from './sessions/mcp.ts';
export { VerificationSession } from './sessions/session/verification-session.ts';
export { Sessions } from './sessions/sessions.ts';
export { Webhooks } from './sessions/webhooks.ts';
export { FrameSession } from './stream/frame-session.ts';

export default {
  ...api,
  queue: (batch, env, context) =>
    batch.queue.startsWith('edge-liveness-webhooks') ? sessions.queue(batch, env) : video.queue(batch, env, context),
  scheduled: (controller, env) =>
    controller.cron === '*/5 * * * *' ? sessions.scheduled(controller, env) : api.scheduled(controller, env),
} satisfies ExportedHandler<GatewayEnv & SessionsEnv & VideoEnv>;
