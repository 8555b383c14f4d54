import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { buildCapture } from '../prepare-capture.ts';
import { type CameraFile, cameraFile } from './testing/camera-file.ts';
import { type CaptureSite, SESSION_ID, startCaptureSite, TOKEN } from './testing/capture-site.ts';
import { cropsOf } from './testing/crops-of.ts';
import { HURRY } from './testing/hurry.ts';
import { type Visit, visitCapture } from './testing/visit-capture.ts';

const VERDICT = {
  status: 200,
  body: {
    data: { verdict: 'live', score: 91.5, warning: null, diagnostics: [{ cue: 'light', advice: 'Face the light.' }] },
    success: true,
    message: 'OK',
  },
};

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const repositoryRoot = new URL('../../../', import.meta.url).pathname;
let site: CaptureSite;
let camera: CameraFile;
let browser: Browser;
let context: BrowserContext;

function checks(): string[] {
  return site.requests.filter(({ path }) => path === '/api/v1/fast-check-crops').map(({ body }) => body);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe.skipIf(!chromiumAvailable())('the element in a browser', () => {
  beforeAll(async () => {
    site = await startCaptureSite(await buildCapture({ repositoryRoot }));
    camera = await cameraFile(REAL_MEDIA.franck);
    browser = await launchChromium(camera.args);
    context = await browser.newContext();
  });

  beforeEach(() => {
    site.requests.length = 0;
    site.answer = () => VERDICT;
  });

  afterAll(async () => {
    await browser?.close();
    await camera?.remove();
    await site?.stop();
  });

  const visit = (use: (visit: Visit) => Promise<void>) => visitCapture({ context, site }, use);

  it('takes exactly 30 crops of the face, and tells the verdict; without the focus, in the language of the page', async () => {
    await visit(async ({ page, start, set, event, events, told, cameraIsOn }) => {
      await page.evaluate("document.documentElement.lang = 'es'");
      await set({ frames: '30' });
      await page.focus('button');
      await page.keyboard.press('Shift+Tab');
      expect(await page.evaluate('document.activeElement.localName')).toBe('body');
      await start();
      await event('liveness-progress');
      expect(await page.locator('.text').getAttribute('lang')).toBe('es');
      await page.evaluate(AXE);
      const found = await page.evaluate<{ violations: { id: string }[] }>('axe.run(document)');
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      expect(await event('liveness-result')).toEqual({
        type: 'liveness-result',
        verdict: 'live',
        score: 91.5,
        warning: null,
        session_id: SESSION_ID,
        attempt: 1,
        advice: ['Face the light.'],
      });
      expect(await cameraIsOn()).toBe(false);
      const states = (await events('liveness-state')).map(({ state }) => state);
      expect(states.slice(0, 3)).toEqual(['starting', 'searching', 'capturing']);
      expect(states.slice(-2)).toEqual(['sending', 'done']);
      expect((await events('liveness-progress')).at(-1)).toMatchObject({ done: 30, total: 30 });
      expect(await told()).not.toContainEqual(expect.objectContaining({ type: 'liveness-error' }));
      const status = page.getByRole('status');
      await expect.poll(() => status.textContent(), { timeout: 5000 }).toBe('Listo.');
      expect(await status.getAttribute('aria-live')).toBe('polite');
    });

    await expect.poll(() => site.requests.length).toBe(2);
    const [request, clientTime] = site.requests;
    expect(request?.key).toBe(TOKEN);
    const body = FastCheckCropsBody.parse(JSON.parse(request?.body ?? ''));
    expect(body).toMatchObject({ session_id: SESSION_ID, attempt: 1, source: 'live', diagnostics: true });
    expect(body.crops.map(({ index }) => index)).toEqual(upTo(30));
    // On an idle machine it is 12; on a busy one, what it can.
    expect(body.fps).toBeGreaterThan(1);
    expect(body.fps).toBeLessThan(16);
    expect(clientTime).toMatchObject({
      method: 'PATCH',
      path: `/api/v1/sessions/${SESSION_ID}/client-time`,
      key: TOKEN,
    });

    for (const { format, size, faces } of await cropsOf(request?.body ?? '')) {
      expect([format, ...size]).toEqual(['png', 224, 224]);
      expect(faces).toHaveLength(1);
      for (const place of [faces[0]?.x, faces[0]?.y]) {
        expect(place).toBeGreaterThan(224 / 3);
        expect(place).toBeLessThan((224 * 2) / 3);
      }
    }
    // A camera shows no frame twice, and the service takes one that comes twice for a still.
    expect(new Set(body.crops.map(({ pixels }) => pixels)).size).toBe(30);
  });

  it('starts over when the face goes away meanwhile, says why in the language of now, and sends none of what was taken before', async () => {
    await visit(async ({ page, start, set, told, event }) => {
      await set({ frames: '30' });
      const stage = page.locator('liveness-check .stage');
      expect(await stage.getAttribute('aria-label')).toBeNull();
      await start();
      await event('liveness-progress');
      expect(await stage.getAttribute('aria-label')).toContain('mirrored');
      await page.evaluate('tracks[0].enabled = false');
      const afterwards = async () => {
        const events = await told();
        const over = events.findIndex(({ type, done }) => type === 'liveness-progress' && done === 0);
        return over < 0 ? [] : events.slice(over, over + 3);
      };
      await expect.poll(afterwards, { timeout: 20_000 }).toMatchObject([
        { type: 'liveness-progress', done: 0, total: 30 },
        { type: 'liveness-state', state: 'searching' },
        { type: 'liveness-hint', hint: 'no_face' },
      ]);
      const text = page.locator('liveness-check .text');
      expect(await text.textContent()).toContain('No face');
      await set({ lang: 'es' });
      expect(await text.textContent()).toContain('No se ve ninguna cara');
      expect(await stage.getAttribute('aria-label')).toContain('como en un espejo');
      await page.evaluate('tracks[0].enabled = true');
      await event('liveness-result');
    });
    const { crops, warnings } = FastCheckCropsBody.parse(JSON.parse(checks()[0] ?? ''));
    expect(crops.map(({ index }) => index)).toEqual(upTo(30));
    expect(warnings).toContain('no_face');
  });

  it('sends the same body again when the network is lost, gives up after a while, and goes on when it is asked to', async () => {
    site.answer = () => 'lost';
    await visit(async ({ page, start, event, events, cameraIsOn }) => {
      const retry = () => page.evaluate("document.querySelector('liveness-check').retry()");
      await page.evaluate(HURRY);
      await start();
      expect(await event('liveness-error')).toMatchObject({ code: 'network', retryable: true });
      expect(await cameraIsOn()).toBe(false);
      expect(checks().length).toBeGreaterThanOrEqual(4);
      site.answer = () => ({ status: 429, headers: { 'retry-after': '3600' }, body: {} });
      await retry();
      expect(await events('liveness-error')).toMatchObject([{}, { code: 'rate_limited', retry_after: 3600 }]);
      // Lost twice more, of which the person hears nothing.
      const given = checks().length;
      site.answer = () => (checks().length < given + 3 ? 'lost' : VERDICT);
      await retry();
      await event('liveness-result');
      expect(await events('liveness-error')).toHaveLength(2);
      expect(checks().length).toBeGreaterThanOrEqual(given + 3);
    });
    expect(new Set(checks()).size).toBe(1);
  });

  it('tells that the session is over, also in a browser that does not say when a frame is new', async () => {
    const body = { data: null, success: false, message: 'over', errors: [{ session_closed: ['over'] }] };
    site.answer = () => ({ status: 409, headers: { 'x-error-code': 'session_closed' }, body });
    await visit(async ({ page, start, event }) => {
      await page.evaluate('delete HTMLVideoElement.prototype.requestVideoFrameCallback');
      await start();
      expect(await event('liveness-error')).toMatchObject({ code: 'session_closed', retryable: false });
    });
    expect(checks()).toHaveLength(1);
  });

  it('says so when a file of it is missing, and the next start tries again, also after what was loaded ahead', async () => {
    // In the order in which they are needed, and with nothing kept of earlier visits: what has come once is not asked for again.
    const files = ['find-face.js', 'face-detector.onnx', 'ort-wasm-simd-threaded.wasm'];
    const own = await browser.newContext();
    const mayLog = /wasm|ArrayBuffer|WebAssembly/;
    await visitCapture({ context: own, site, mayLog }, async ({ page, start, event, events, told, cameraIsOn }) => {
      for (const name of files) {
        site.withheld = name;
        await start();
        expect(await event('liveness-error'), name).toMatchObject({ code: 'weights_failed', retryable: true });
        expect(await cameraIsOn(), name).toBe(false);
      }
      await page.evaluate("told.length = 0; document.querySelector('liveness-check').prepare()");
      expect(await told()).toEqual([]);
      site.withheld = null;
      await start();
      await event('liveness-result');
      expect(await events('liveness-error')).toEqual([]);
    }).finally(() => {
      site.withheld = null;
    });
    await own.close();
  });

  it('works from another origin, through a worker of the page that embeds it, and takes 10 crops unless told otherwise', async () => {
    await visitCapture({ context, site, url: site.embeddingUrl }, async ({ start, event }) => {
      await start();
      await event('liveness-result');
    });
    expect(checks()).toHaveLength(1);
    const { crops } = FastCheckCropsBody.parse(JSON.parse(checks()[0] ?? ''));
    expect(crops.map(({ index }) => index)).toEqual(upTo(10));
  });

  it('turns the camera off when it is unplugged, stopped or removed, and sends nothing', async () => {
    await visit(async ({ page, start, set, event, events, untilState, cameraIsOn }) => {
      await set({ frames: '120' });
      const startFilming = async () => {
        await start();
        await untilState('capturing');
        expect(await cameraIsOn()).toBe(true);
      };
      await startFilming();
      await page.evaluate("tracks.at(-1).dispatchEvent(new Event('ended'))");
      expect(await event('liveness-error')).toMatchObject({ code: 'camera_missing', retryable: true });
      expect(await cameraIsOn()).toBe(false);
      for (const call of ['stop()', 'remove()']) {
        await startFilming();
        await page.evaluate(`document.querySelector('liveness-check').${call}`);
        expect(await cameraIsOn(), call).toBe(false);
        await page.waitForTimeout(500);
        expect([...(await events('liveness-result')), ...(await events('liveness-error'))], call).toEqual([]);
      }
    });
    expect(site.requests).toEqual([]);
  });
});
