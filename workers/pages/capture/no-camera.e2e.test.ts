import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { buildCapture } from '../prepare-capture.ts';
import { cameraFile } from './testing/camera-file.ts';
import { type CaptureSite, startCaptureSite } from './testing/capture-site.ts';
import { visitCapture } from './testing/visit-capture.ts';

const repositoryRoot = new URL('../../../', import.meta.url).pathname;

describe.skipIf(!chromiumAvailable())('without a face or a camera', () => {
  let site: CaptureSite;
  let other: Browser | undefined;

  beforeAll(async () => {
    site = await startCaptureSite(await buildCapture({ repositoryRoot }));
  });

  afterEach(async () => {
    await other?.close();
    other = undefined;
  });

  afterAll(() => site?.stop());

  it('a camera that is denied is told, and why', async () => {
    other = await launchChromium(['--use-fake-ui-for-media-stream=deny', '--use-fake-device-for-media-stream']);
    await visitCapture({ browser: other, site }, async ({ page, event }) => {
      await page.click('button');
      const told = await event('liveness-error');
      expect(told).toMatchObject({ code: 'camera_denied', retryable: true, message: expect.stringContaining('Allow') });
      expect(await page.evaluate("document.querySelector('liveness-check').state")).toBe('failed');
    });
  });

  it('a machine without a camera is told', async () => {
    other = await launchChromium(['--use-fake-ui-for-media-stream']);
    await visitCapture({ browser: other, site }, async ({ page, event }) => {
      await page.click('button');
      expect(await event('liveness-error')).toMatchObject({ code: 'camera_missing', retryable: true });
    });
  });

  it.each([
    ['OffscreenCanvas', 'delete window.OffscreenCanvas'],
    ['a secure page', "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"],
  ])('a browser without %s is told that it cannot', async (_, take) => {
    other = await launchChromium(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']);
    await visitCapture({ browser: other, site }, async ({ page, event }) => {
      await page.evaluate(take);
      await page.click('button');
      expect(await event('liveness-error')).toMatchObject({ code: 'not_supported', retryable: false });
    });
  });

  it('before an empty room it asks for a face, and sends nothing', async () => {
    const room = await cameraFile(REAL_MEDIA.franck, '[0:v]scale=640:480,boxblur=60');
    other = await launchChromium(room.args);
    await visitCapture({ browser: other, site }, async ({ page, event, told }) => {
      await page.click('button');
      expect(await event('liveness-hint')).toMatchObject({ hint: 'no_face', text: expect.stringContaining('No face') });
      await page.waitForTimeout(2000);
      expect((await told()).filter(({ type }) => type === 'liveness-hint')).toHaveLength(1);
      expect((await told()).some(({ state }) => state === 'capturing')).toBe(false);
    });
    await room.remove();
    expect(site.requests).toEqual([]);
  });
});
