import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { buildCapture } from '../prepare-capture.ts';
import { type CameraFile, cameraFile } from './testing/camera-file.ts';
import { type CaptureSite, startCaptureSite } from './testing/capture-site.ts';
import { type Visit, visitCapture } from './testing/visit-capture.ts';

const repositoryRoot = new URL('../../../', import.meta.url).pathname;
/** Two seconds at the pace of the element. */
const A_WHILE = 20;

describe.skipIf(!chromiumAvailable())('without a face or a camera', () => {
  let site: CaptureSite;
  let room: CameraFile;
  let browser: Browser;

  beforeAll(async () => {
    site = await startCaptureSite(await buildCapture({ repositoryRoot }));
    room = await cameraFile(REAL_MEDIA.franck, '[0:v]scale=640:480,boxblur=60');
    browser = await launchChromium(room.argsToAsk);
  });

  afterAll(async () => {
    await browser?.close();
    await room?.remove();
    await site?.stop();
  });

  const visit = async (permissions: string[], use: (visit: Visit) => Promise<void>) => {
    const context = await browser.newContext({ permissions });
    await visitCapture({ context, site }, use);
    await context.close();
  };

  it('a camera that is denied is told, and why', async () => {
    await visit([], async ({ page, start, event }) => {
      await start();
      const told = await event('liveness-error');
      expect(told).toMatchObject({ code: 'camera_denied', retryable: true, message: expect.stringContaining('Allow') });
      expect(await page.evaluate("document.querySelector('liveness-check').state")).toBe('failed');
    });
  });

  it('a machine without a camera is told', async () => {
    const bare = await launchChromium(['--use-fake-ui-for-media-stream']);
    try {
      await visitCapture({ context: await bare.newContext(), site }, async ({ start, event }) => {
        await start();
        expect(await event('liveness-error')).toMatchObject({ code: 'camera_missing', retryable: true });
      });
    } finally {
      await bare.close();
    }
  });

  it.each([
    ['OffscreenCanvas', 'delete window.OffscreenCanvas'],
    ['a secure page', "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"],
  ])('a browser without %s is told that it cannot', async (_, take) => {
    await visit(['camera'], async ({ page, start, event }) => {
      await page.evaluate(take);
      await start();
      expect(await event('liveness-error')).toMatchObject({ code: 'not_supported', retryable: false });
    });
  });

  it('before an empty room it asks for a face, and sends nothing', async () => {
    await visit(['camera'], async ({ page, start, event, events, told }) => {
      await page.evaluate(`
        window.looks = 0;
        const look = createImageBitmap;
        window.createImageBitmap = (video) => (looks++, look(video));`);
      await start();
      expect(await event('liveness-hint')).toMatchObject({ hint: 'no_face', text: expect.stringContaining('No face') });
      const looked = await page.evaluate<number>('looks');
      await expect
        .poll(() => page.evaluate<number>('looks'), { timeout: 20_000 })
        .toBeGreaterThanOrEqual(looked + A_WHILE);
      expect(await events('liveness-hint')).toHaveLength(1);
      expect((await told()).some(({ state }) => state === 'capturing')).toBe(false);
    });
    expect(site.requests).toEqual([]);
  });
});
