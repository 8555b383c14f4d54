import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { type CameraFile, cameraFile } from '../capture/testing/camera-file.ts';
import { HURRY } from '../capture/testing/hurry.ts';
import { press, untilHeading } from './testing/scenes.ts';
import { type AskedSession, startVerifySite, type VerifySite } from './testing/verify-site.ts';
import { accessibilityProblems, newVisitor, realAssets, visitVerify, watched } from './testing/visit-verify.ts';

/** Before the person can read: page, style, scripts of the page and of the element, uncompressed. */
const FIRST_LOAD_BYTES = 80_000;
const HEAVY = /\.(?:wasm|onnx)$|find-face\.js$/;
const REQUEST = 'Confirm that it is you';

describe.skipIf(!chromiumAvailable())('the verification page with its camera', () => {
  let site: VerifySite;
  let camera: CameraFile;
  let browser: Browser;
  let allowing: BrowserContext;

  beforeAll(async () => {
    site = await startVerifySite(await realAssets());
    camera = await cameraFile(REAL_MEDIA.franck);
    browser = await launchChromium(camera.argsToAsk);
    // What is heavy is fetched once for all who film.
    allowing = await newVisitor({ browser, options: { permissions: ['camera'] } });
  });

  afterAll(async () => {
    await browser?.close();
    await camera?.remove();
    await site?.stop();
  });

  const checks = ({ requests }: AskedSession) =>
    requests.filter(({ path }) => path === '/api/v1/fast-check-crops').map(({ body }) => body);

  async function film(use: (page: Page, asked: AskedSession) => Promise<void>): Promise<void> {
    const asked = site.ask();
    const page = await allowing.newPage();
    await watched(page, site, async () => {
      await page.goto(asked.link);
      await untilHeading(page, REQUEST);
      await use(page, asked);
    });
    await page.close();
  }

  it('films a face, sends it, and tells the person what came of it, usable by everybody all the while', async () => {
    await film(async (page, asked) => {
      const verdict = Promise.withResolvers<unknown>();
      asked.judge = () => verdict.promise;
      await press(page, 'Start the camera');
      await untilHeading(page, 'Show your face');
      expect(await accessibilityProblems(page)).toEqual([]);
      await untilHeading(page, 'Checking…');
      expect(await accessibilityProblems(page)).toEqual([]);
      await expect.poll(() => checks(asked).length).toBe(1);
      asked.session = { ...asked.session, state: 'completed', attempts: 1, verdict: 'live' };
      verdict.resolve({ verdict: 'live', score: 91, warning: null, diagnostics: [] });
      await untilHeading(page, 'Confirmed');
      const [sent, ...others] = checks(asked);
      expect(others).toEqual([]);
      expect(FastCheckCropsBody.parse(sent)).toMatchObject({ session_id: asked.id, source: 'live' });
      expect(asked.recordedEvents()).toEqual(['page_opened', 'capture_started', 'capture_finished']);
      expect(await page.locator('liveness-check').isVisible()).toBe(false);
    });
  });

  it('sends the same recording when the connection is back', async () => {
    await film(async (page, asked) => {
      asked.judge = () => {
        asked.session = { ...asked.session, state: 'in_progress', attempts: 1, verdict: 'fake' };
        const diagnostics = [{ cue: 'brightness', advice: 'Add light in front of the face.' }];
        return { verdict: 'fake', score: 12, warning: null, diagnostics };
      };
      await page.evaluate(HURRY);
      await press(page, 'Start the camera');
      await untilHeading(page, 'Show your face');
      asked.mood = { kind: 'is_lost' };
      await untilHeading(page, 'No connection');
      asked.mood = { kind: 'answers' };
      await press(page, 'Try again');
      await untilHeading(page, 'Not confirmed yet');
      await page.getByText('Add light in front of your face.').waitFor();
      const bodies = checks(asked).map((body) => JSON.stringify(body));
      expect(bodies.length).toBeGreaterThan(1);
      expect(new Set(bodies).size).toBe(1);
    });
  });

  it('explains what to do when the browser refuses it', async () => {
    await visitVerify({ site, browser }, async (page) => {
      await page.goto(site.ask().link);
      await press(page, 'Start the camera');
      await untilHeading(page, 'The camera is not allowed');
    });
  });

  it('is small before it can be read, and fetches what is heavy afterwards', async () => {
    await visitVerify({ site, browser }, async (page) => {
      const loaded: { name: string; bytes: number; startedAtMs: number }[] = [];
      page.on('requestfinished', async (request) => {
        const name = new URL(request.url()).pathname;
        if (name.startsWith('/api/')) return;
        const { responseBodySize: bytes } = await request.sizes();
        loaded.push({ name, bytes, startedAtMs: request.timing().startTime });
      });
      await page.goto(site.ask().link);
      await untilHeading(page, REQUEST);
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
    await visitVerify({ site, browser }, async (page) => {
      await page.goto(site.ask({ state: 'completed', attempts: 1, verdict: 'live' }).link);
      await untilHeading(page, 'Already confirmed');
      await page.waitForLoadState('networkidle');
      const names = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
      expect(names.filter((name) => HEAVY.test(name))).toEqual([]);
    });
  });

  it('lends its element to a page of another origin, by the address that stays, with all that it fetches', async () => {
    const attributes = `session-id="${crypto.randomUUID()}" token="vst_a" frames="10"`;
    const page = `<!doctype html><script type="module" src="${site.baseUrl}/embed/liveness-check.js"></script>
      <liveness-check ${attributes}></liveness-check>`;
    const other = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
    await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
    try {
      const visitor = await allowing.newPage();
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
      await visitor.close();
    } finally {
      other.close();
    }
  });
});
