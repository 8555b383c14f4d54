import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { type CameraFile, cameraFile } from '../capture/testing/camera-file.ts';
import { SESSION_ID } from './testing/make-session.ts';
import { press, untilHeading } from './testing/scenes.ts';
import { startVerifySite, type VerifySite } from './testing/verify-site.ts';
import { accessibilityProblems, realAssets, visitVerify } from './testing/visit-verify.ts';

/** Before the person can read: page, style, scripts of the page and of the element, uncompressed. */
const FIRST_LOAD_BYTES = 80_000;
const HEAVY = /\.(?:wasm|onnx)$|find-face\.js$/;

describe.skipIf(!chromiumAvailable())('the verification page with its camera', () => {
  let site: VerifySite;
  let camera: CameraFile;
  let browser: Browser;

  beforeAll(async () => {
    site = await startVerifySite(await realAssets());
    camera = await cameraFile(REAL_MEDIA.franck);
    browser = await launchChromium(camera.args);
  });

  afterAll(async () => {
    await browser?.close();
    await camera?.remove();
    await site?.stop();
  });

  const checks = () => site.requests.filter(({ path }) => path === '/api/v1/fast-check-crops');
  const recorded = () =>
    site.requests.filter(({ path }) => path.endsWith('/audit')).map(({ body }) => (body as { event: string }).event);

  async function open(page: Page): Promise<void> {
    site.reset();
    await page.goto(site.link);
    await untilHeading(page, 'Confirm that it is you');
  }

  it('films a face, sends it, and tells the person what came of it', async () => {
    await visitVerify({ browser }, async (page) => {
      await open(page);
      site.judge = () => {
        site.session = { ...site.session, state: 'completed', attempts: 1, verdict: 'live' };
        return { verdict: 'live', score: 91, warning: null, diagnostics: [] };
      };
      await press(page, 'Start the camera');
      await untilHeading(page, 'Confirmed');
      const [sent, ...others] = checks();
      expect(others).toEqual([]);
      expect(FastCheckCropsBody.parse(sent?.body)).toMatchObject({ session_id: SESSION_ID, source: 'live' });
      expect(recorded()).toEqual(['page_opened', 'capture_started', 'capture_finished']);
      expect(await page.locator('liveness-check').isVisible()).toBe(false);
    });
  });

  it('can be used by everybody while it films', async () => {
    await visitVerify({ browser }, async (page) => {
      await open(page);
      site.mood = { kind: 'is_slow', delayMs: 1500 };
      await press(page, 'Start the camera');
      await untilHeading(page, 'Show your face');
      expect(await accessibilityProblems(page)).toEqual([]);
      await untilHeading(page, 'Checking…');
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  });

  it('sends the same recording when the connection is back', async () => {
    await visitVerify({ browser }, async (page) => {
      await open(page);
      site.judge = () => {
        site.session = { ...site.session, state: 'in_progress', attempts: 1, verdict: 'fake' };
        const diagnostics = [{ cue: 'brightness', advice: 'Add light in front of the face.' }];
        return { verdict: 'fake', score: 12, warning: null, diagnostics };
      };
      await press(page, 'Start the camera');
      await untilHeading(page, 'Show your face');
      site.mood = { kind: 'is_lost' };
      await untilHeading(page, 'No connection');
      site.mood = { kind: 'answers' };
      await press(page, 'Try again');
      await untilHeading(page, 'Not confirmed yet');
      await page.getByText('Add light in front of your face.').waitFor();
      const bodies = checks().map(({ body }) => JSON.stringify(body));
      expect(bodies.length).toBeGreaterThan(1);
      expect(new Set(bodies).size).toBe(1);
    });
  });

  it('is small before it can be read, and fetches what is heavy afterwards', async () => {
    await visitVerify({ browser }, async (page) => {
      const loaded: { name: string; bytes: number; startedAtMs: number }[] = [];
      page.on('requestfinished', async (request) => {
        const name = new URL(request.url()).pathname;
        if (name.startsWith('/api/')) return;
        const { responseBodySize: bytes } = await request.sizes();
        loaded.push({ name, bytes, startedAtMs: request.timing().startTime });
      });
      await open(page);
      const heavy = () => loaded.filter(({ name }) => HEAVY.test(name));
      await expect.poll(() => heavy().length, { timeout: 15_000 }).toBe(3);
      const paintedAtMs = await page.evaluate<number>(
        `performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime`,
      );
      for (const { name, startedAtMs } of heavy()) expect.soft(startedAtMs, name).toBeGreaterThan(paintedAtMs);
      const light = loaded.filter(({ name }) => !HEAVY.test(name));
      expect(light.length).toBeGreaterThanOrEqual(4);
      expect(light.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(FIRST_LOAD_BYTES);
    });
  });

  it('fetches nothing heavy for whom no camera will be asked', async () => {
    await visitVerify({ browser }, async (page) => {
      site.reset({ state: 'completed', attempts: 1, verdict: 'live' });
      await page.goto(site.link);
      await untilHeading(page, 'Already confirmed');
      await page.waitForLoadState('networkidle');
      const names = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
      expect(names.filter((name) => HEAVY.test(name))).toEqual([]);
    });
  });
});

describe.skipIf(!chromiumAvailable())('a page of another origin', () => {
  it('embeds the element by the address that stays, with all that it fetches', async () => {
    const site = await startVerifySite(await realAssets());
    const camera = await cameraFile(REAL_MEDIA.franck);
    const browser = await launchChromium(camera.args);
    const attributes = `session-id="${SESSION_ID}" token="vst_a" frames="10"`;
    const page = `<!doctype html><script type="module" src="${site.baseUrl}/embed/liveness-check.js"></script>
      <liveness-check ${attributes}></liveness-check>`;
    const other = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
    await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
    try {
      const visitor = await browser.newPage();
      await visitor.goto(`http://localhost:${(other.address() as AddressInfo).port}`);
      const state = await visitor.evaluate<string>(`customElements.whenDefined('liveness-check').then(() => {
        const element = document.querySelector('liveness-check');
        return new Promise((resolve) => {
          element.addEventListener('liveness-state', ({ detail }) => {
            if (detail.state !== 'starting') resolve(detail.state);
          });
          element.start();
        });
      })`);
      // What finds a face has come, and been given leave to run.
      expect(state).toBe('searching');
    } finally {
      await browser.close();
      await camera.remove();
      other.close();
      await site.stop();
    }
  });
});

describe.skipIf(!chromiumAvailable())('the verification page without a camera', () => {
  it('explains what to do when the browser refuses it', async () => {
    const site = await startVerifySite(await realAssets());
    // A camera, and nobody who allows it: without a window, the question is answered with no.
    const browser = await launchChromium(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
    try {
      await visitVerify({ browser }, async (page) => {
        await page.goto(site.link);
        await press(page, 'Start the camera');
        await untilHeading(page, 'The camera is not allowed');
      });
    } finally {
      await browser.close();
      await site.stop();
    }
  });
});
