import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { applyMigrationsAndSeed } from '#shared/testing/start-seeded-worker.ts';

// The Workers as they are deployed, each from its own configuration, bound to one another as in production.
const server = createTestHarness({
  workers: ['api', 'inference', 'stream', 'pages'].map((name) => ({ configPath: `workers/${name}/wrangler.toml` })),
});

beforeAll(async () => {
  await server.listen();
  const { DB } = await server.getWorker<{ DB: D1Database }>('edge-liveness-api').getEnv();
  await applyMigrationsAndSeed(DB);
});
afterAll(() => server.close());

describe('the production Workers together', () => {
  it('are healthy: every service binding leads somewhere', async () => {
    const response = await server.fetch('/health');
    const { data } = (await response.json()) as { data: { models_loaded: string[] } };
    expect(data).toMatchObject({
      status: 'healthy',
      environment: 'production',
      dependencies: { database: 'ok', redis: 'not_configured', rate_limiter: 'ok', inference: 'ok' },
    });
    expect(data.models_loaded).toContain('mixed-30-v2');
  });

  it('serve the reference through the pages Worker', async () => {
    const response = await server.fetch('/docs');
    expect(response.status).toBe(200);
    const html = await response.text();
    const [, script] = /<script[^>]+src="([^"]+)"/.exec(html) ?? [];
    expect((await server.fetch(script ?? '')).headers.get('content-type')).toContain('javascript');
  });

  it('refuse every local credential, though the database holds the seed', async () => {
    for (const key of ['sk-local-acme', 'sk-local-slow', 'sk-local-globex']) {
      expect((await server.fetch('/api/v1/models', { headers: { 'x-api-key': key } })).status).toBe(401);
    }
    const headers = { authorization: 'Bearer local-app-token' };
    expect((await server.fetch('/api/v1/models', { headers })).status).toBe(401);
  });

  it('keep inference and pages off the public address', async () => {
    for (const name of ['edge-liveness-inference', 'edge-liveness-stream', 'edge-liveness-pages']) {
      expect((await server.getWorker(name).fetch('/')).status).toBe(404);
    }
  });
});
