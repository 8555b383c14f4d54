import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import { type CameraFile, cameraFile, IN_A_ROOM } from '../pages/capture/testing/camera-file.ts';

const KEY = 'sk-local-acme';
const ACTION = 'Transfer 2,400 euros to Ana Ruiz';
/** One picture for as long as the recording lasts: what a photograph before the camera is. */
const ONE_PICTURE = `${IN_A_ROOM},select='eq(n,0)',loop=loop=200:size=1:start=0,setpts=N/25/TB`;

// The whole story as it is lived: an agent asks, a person opens the link in a browser, the agent gets its proof.
describe.skipIf(!chromiumAvailable())('the handshake in a browser', () => {
  let server: Awaited<ReturnType<typeof startLocalServer>>;
  let agent: Client;

  beforeAll(async () => {
    server = await startLocalServer();
    agent = new Client({ name: 'agent', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(`${server.baseUrl}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${KEY}` } },
    });
    // The declarations of the SDK do not follow `exactOptionalPropertyTypes`.
    await agent.connect(transport as Parameters<Client['connect']>[0]);
  });
  afterAll(async () => {
    await agent?.close();
    await server?.stop();
  });

  async function tool(name: string, args: Record<string, unknown>) {
    const { structuredContent } = await agent.callTool({ name, arguments: args });
    return structuredContent as Record<string, string | boolean | number | null>;
  }

  const ask = (members: Record<string, unknown> = {}) =>
    tool('verify_human_presence', { action_description: ACTION, ...members });

  async function waitForEnd(sessionId: unknown) {
    for (let looks = 0; looks < 12; looks++) {
      const status = await tool('check_verification_status', { session_id: sessionId, wait_seconds: 5 });
      if (status.status !== 'pending' && status.status !== 'in_progress') return status;
    }
    throw new Error('the session did not end');
  }

  async function withCamera(camera: CameraFile, use: (page: Page) => Promise<void>): Promise<void> {
    let browser: Browser | undefined;
    try {
      browser = await launchChromium(camera.args);
      const page = await (await browser.newContext({ locale: 'en-GB', permissions: ['camera'] })).newPage();
      await use(page);
    } finally {
      await browser?.close();
      await camera.remove();
    }
  }

  it('ends with a proof for a person, and the link is used up', async () => {
    const asked = await ask();
    await withCamera(await cameraFile(REAL_MEDIA.franck), async (page) => {
      await page.goto(`${asked.verification_url}`);
      await page.getByText(ACTION).waitFor();
      await page.getByRole('button', { name: /start/i }).click();
      const done = await waitForEnd(asked.session_id);
      expect(done).toMatchObject({ status: 'completed', human_verified: true, verdict: 'live' });
      const keys = (await (await fetch(`${server.baseUrl}/.well-known/jwks.json`)).json()) as Parameters<
        typeof createLocalJWKSet
      >[0];
      const { payload } = await jwtVerify(`${done.attestation}`, createLocalJWKSet(keys), { issuer: server.baseUrl });
      expect(payload).toMatchObject({ action: ACTION, session_id: asked.session_id, verdict: 'live' });
      await page.getByRole('heading', { name: 'Confirmed', exact: true }).waitFor();

      await page.reload();
      await page.getByRole('heading', { name: 'Already confirmed', exact: true }).waitFor();
      expect(await page.getByRole('button', { name: /start/i }).count()).toBe(0);
    });
    const audit = await fetch(`${server.baseUrl}/api/v1/sessions/${asked.session_id}/audit`, {
      headers: { 'x-api-key': KEY },
    });
    const { data } = (await audit.json()) as { data: { entries: { actor: string; action: string }[] } };
    const actions = data.entries.map(({ action }) => action);
    for (const action of ['session_created', 'page_opened', 'capture_started', 'check_begun', 'session_completed']) {
      expect(actions).toContain(action);
    }
  }, 120_000);

  it('ends without one for a photograph', async () => {
    const asked = await ask();
    await withCamera(await cameraFile(REAL_MEDIA.franck, ONE_PICTURE), async (page) => {
      await page.goto(`${asked.verification_url}`);
      await page.getByRole('button', { name: /start/i }).click();
      await page.getByRole('button', { name: /try again/i }).waitFor({ timeout: 60_000 });
      const status = await tool('check_verification_status', { session_id: asked.session_id });
      expect(status).toMatchObject({
        status: 'in_progress',
        human_verified: false,
        verdict: 'fake',
        attestation: null,
      });
    });
  }, 120_000);

  it('explains a camera that is not allowed', async () => {
    const asked = await ask();
    const camera = await cameraFile(REAL_MEDIA.franck);
    const denied = { ...camera, args: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'] };
    await withCamera(denied, async (page) => {
      await page.context().clearPermissions();
      await page.goto(`${asked.verification_url}`);
      await page.getByRole('button', { name: /start/i }).click();
      await page.getByRole('heading', { name: /camera is\s+not allowed/i }).waitFor();
    });
  }, 120_000);

  it('opens nothing with a token that is made up', async () => {
    const asked = await ask();
    await withCamera(await cameraFile(REAL_MEDIA.franck), async (page) => {
      await page.goto(`${asked.verification_url}x`);
      await page.getByRole('heading', { name: /link/i }).waitFor();
      expect(await page.getByText(ACTION).count()).toBe(0);
      expect(await page.getByRole('button', { name: /start/i }).count()).toBe(0);
    });
    expect(await tool('check_verification_status', { session_id: asked.session_id })).toMatchObject({
      status: 'pending',
    });
  }, 120_000);
});
