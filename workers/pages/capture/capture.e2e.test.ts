import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { nativeNetworks } from '../../../scripts/native/native-networks.ts';
import { centreOf } from '../../inference/frame/box.ts';
import { detectFaces } from '../../inference/frame/detect-faces.ts';
import { buildCapture } from '../prepare-capture.ts';
import { type CameraFile, cameraFile } from './testing/camera-file.ts';
import { type CaptureSite, SESSION_ID, startCaptureSite, TOKEN } from './testing/capture-site.ts';
import { visitCapture } from './testing/visit-capture.ts';

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

function checks(): string[] {
  return site.requests.filter(({ path }) => path === '/api/v1/fast-check-crops').map(({ body }) => body);
}

async function cropsOf(body: string) {
  const { crops } = FastCheckCropsBody.parse(JSON.parse(body));
  return await Promise.all(
    crops.map(async ({ pixels }) => {
      const bytes = Buffer.from(pixels, 'base64');
      const { format } = await sharp(bytes).metadata();
      const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return { format, picture: { width: info.width, height: info.height, data: new Uint8Array(data) } };
    }),
  );
}

describe.skipIf(!chromiumAvailable())('the element in a browser', () => {
  beforeAll(async () => {
    site = await startCaptureSite(await buildCapture({ repositoryRoot }));
    camera = await cameraFile(REAL_MEDIA.franck);
    browser = await launchChromium(camera.args);
  });

  beforeEach(() => {
    site.requests.length = 0;
    site.answer = () => VERDICT;
  });

  afterEach(() => {
    site.withheld = null;
  });

  afterAll(async () => {
    await browser?.close();
    await camera?.remove();
    await site?.stop();
  });

  it.each([10, 30])('takes exactly %i crops of the face, and tells the verdict', async (frameCount) => {
    await visitCapture({ browser, site }, async ({ page, event, told, cameraIsOn }) => {
      await page.evaluate(`document.querySelector('liveness-check').setAttribute('frames', '${frameCount}')`);
      await page.click('button');
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
      const events = await told();
      const states = events.filter(({ type }) => type === 'liveness-state').map(({ state }) => state);
      expect(states.slice(0, 3)).toEqual(['starting', 'searching', 'capturing']);
      expect(states.slice(-2)).toEqual(['sending', 'done']);
      expect(events.filter(({ type }) => type === 'liveness-progress').at(-1)).toMatchObject({
        done: frameCount,
        total: frameCount,
      });
    });

    const [request, clientTime] = site.requests;
    expect(request?.key).toBe(TOKEN);
    const body = FastCheckCropsBody.parse(JSON.parse(request?.body ?? ''));
    expect(body).toMatchObject({ session_id: SESSION_ID, attempt: 1, source: 'live', diagnostics: true });
    expect(body.crops.map(({ index }) => index)).toEqual(Array.from({ length: frameCount }, (_, index) => index));
    // On an idle machine it is 12; on a busy one, what it can.
    expect(body.fps).toBeGreaterThan(1);
    expect(body.fps).toBeLessThan(16);
    await expect.poll(() => site.requests.length).toBe(2);
    expect(clientTime ?? site.requests[1]).toMatchObject({
      method: 'PATCH',
      path: `/api/v1/sessions/${SESSION_ID}/client-time`,
      key: TOKEN,
    });

    const networks = await nativeNetworks();
    for (const { format, picture } of await cropsOf(request?.body ?? '')) {
      expect([format, picture.width, picture.height]).toEqual(['png', 224, 224]);
      const faces = await detectFaces(picture, { x: 0, y: 0, width: 224, height: 224 }, networks);
      expect(faces).toHaveLength(1);
      const middle = centreOf(faces[0]?.box ?? { x: 0, y: 0, width: 0, height: 0 });
      for (const place of [middle.x, middle.y]) {
        expect(place).toBeGreaterThan(224 / 3);
        expect(place).toBeLessThan((224 * 2) / 3);
      }
    }
    // A camera shows no frame twice, and the service takes one that comes twice for a still.
    expect(new Set(body.crops.map(({ pixels }) => pixels)).size).toBe(frameCount);
  });

  it('starts over when the face goes away meanwhile, says why, and sends none of what was taken before', async () => {
    await visitCapture({ browser, site }, async ({ page, told, event }) => {
      await page.evaluate("document.querySelector('liveness-check').setAttribute('frames', '60')");
      await page.click('button');
      await event('liveness-progress');
      await page.evaluate('tracks[0].enabled = false');
      const afterwards = async () => {
        const events = await told();
        const over = events.findIndex(({ type, done }) => type === 'liveness-progress' && done === 0);
        return over < 0 ? [] : events.slice(over, over + 3);
      };
      await expect.poll(afterwards, { timeout: 20_000 }).toMatchObject([
        { type: 'liveness-progress', done: 0, total: 60 },
        { type: 'liveness-state', state: 'searching' },
        { type: 'liveness-hint', hint: 'no_face' },
      ]);
      expect(await page.locator('liveness-check .text').textContent()).toContain('No face');
      await page.evaluate('tracks[0].enabled = true');
      await event('liveness-result');
    });
    const { crops, warnings } = FastCheckCropsBody.parse(JSON.parse(checks()[0] ?? ''));
    expect(crops.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, index) => index));
    expect(warnings).toContain('no_face');
  });

  it('sends the same body again when the network is lost', async () => {
    let lost = 0;
    site.answer = () => (lost++ < 2 ? 'lost' : VERDICT);
    await visitCapture({ browser, site }, async ({ page, event, told }) => {
      await page.click('button');
      await event('liveness-result');
      expect((await told()).filter(({ type }) => type === 'liveness-error')).toEqual([]);
    });
    expect(checks().length).toBeGreaterThanOrEqual(3);
    expect(new Set(checks()).size).toBe(1);
  });

  it('gives up after a while, and then sends the same recording when it is asked to', async () => {
    site.answer = () => 'lost';
    await visitCapture({ browser, site }, async ({ page, event, cameraIsOn }) => {
      await page.click('button');
      expect(await event('liveness-error')).toMatchObject({ code: 'network', retryable: true });
      expect(await cameraIsOn()).toBe(false);
      site.answer = () => VERDICT;
      await page.evaluate("document.querySelector('liveness-check').retry()");
      await event('liveness-result');
    });
    expect(checks().length).toBeGreaterThanOrEqual(6);
    expect(new Set(checks()).size).toBe(1);
  });

  it('tells that the session is over', async () => {
    const body = { data: null, success: false, message: 'over', errors: [{ session_closed: ['over'] }] };
    site.answer = () => ({ status: 409, headers: { 'x-error-code': 'session_closed' }, body });
    await visitCapture({ browser, site }, async ({ page, event }) => {
      await page.click('button');
      expect(await event('liveness-error')).toMatchObject({ code: 'session_closed', retryable: false });
    });
    expect(checks()).toHaveLength(1);
  });

  it.each(['face-detector.onnx', 'find-face.js', 'ort-wasm-simd-threaded.wasm'])(
    'without %s it says so, and the next start tries again',
    async (name) => {
      site.withheld = name;
      await visitCapture(
        { browser, site, mayLog: /wasm|ArrayBuffer|WebAssembly/ },
        async ({ page, event, cameraIsOn }) => {
          await page.click('button');
          expect(await event('liveness-error')).toMatchObject({ code: 'weights_failed', retryable: true });
          expect(await cameraIsOn()).toBe(false);
          site.withheld = null;
          await page.click('button');
          await event('liveness-result');
        },
      );
    },
  );

  it('works from another origin, through a worker of the page that embeds it', async () => {
    await visitCapture({ browser, site, url: site.embeddingUrl }, async ({ page, event }) => {
      await page.click('button');
      await event('liveness-result');
    });
    expect(checks()).toHaveLength(1);
  });

  it.each(['stop()', 'remove()'])('%s turns the camera off, and nothing is sent', async (call) => {
    await visitCapture({ browser, site }, async ({ page, told, cameraIsOn }) => {
      await page.evaluate("document.querySelector('liveness-check').setAttribute('frames', '120')");
      await page.click('button');
      await expect
        .poll(async () => (await told()).some(({ state }) => state === 'capturing'), { timeout: 20_000 })
        .toBe(true);
      expect(await cameraIsOn()).toBe(true);
      await page.evaluate(`document.querySelector('liveness-check').${call}`);
      expect(await cameraIsOn()).toBe(false);
      await page.waitForTimeout(500);
      expect((await told()).filter(({ type }) => /result|error/.test(type))).toEqual([]);
    });
    expect(site.requests).toEqual([]);
  });

  it('takes no focus, and says its texts politely in the language of the page', async () => {
    await visitCapture({ browser, site }, async ({ page, event }) => {
      await page.evaluate("document.documentElement.lang = 'es'");
      await page.evaluate("document.querySelector('liveness-check').setAttribute('frames', '30')");
      await page.focus('button');
      await page.keyboard.press('Shift+Tab');
      expect(await page.evaluate('document.activeElement.localName')).toBe('body');
      await page.click('button');
      await event('liveness-progress');
      await page.evaluate(AXE);
      const found = await page.evaluate<{ violations: { id: string }[] }>('axe.run(document)');
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      await event('liveness-result');
      const status = page.getByRole('status');
      await expect.poll(() => status.textContent(), { timeout: 5000 }).toBe('Listo.');
      expect(await status.getAttribute('aria-live')).toBe('polite');
    });
  });
});
