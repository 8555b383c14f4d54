import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import { type DocsVisit, unfoldEachKind, visitDocs } from './testing/visit-docs.ts';

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const LOW_CONTRAST = await readFile(join(import.meta.dirname, 'testing/low-contrast.js'), 'utf8');
const WIDTHS = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';

// The page takes seconds to load, and more for each operation that is unfolded: it is opened twice, and unfolded once.
describe.skipIf(!chromiumAvailable())('the reference in a browser', () => {
  let baseUrl: string;
  let stopServer: () => Promise<void>;
  let browser: Browser;
  let visit: DocsVisit;
  let page: Page;

  beforeAll(async () => {
    ({ baseUrl, stop: stopServer } = await startLocalServer());
    browser = await launchChromium();
  });

  afterEach(async () => {
    expect(await visit.complaints()).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await stopServer?.();
  });

  describe('on a screen, in the light scheme, by a link that names another document', () => {
    let unfolding: Promise<void> | undefined;
    const unfold = () => {
      unfolding ??= unfoldEachKind(page);
      return unfolding;
    };
    const inScheme = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      await page.waitForSelector(colorScheme === 'dark' ? 'html.dark-mode' : 'html:not(.dark-mode)');
    };

    beforeAll(async () => {
      const address = '/docs?url=/health&configUrl=/health';
      visit = await visitDocs({ browser, baseUrl, address, options: { colorScheme: 'light' } });
      ({ page } = visit);
    });

    afterAll(() => visit?.close());

    it('shows every operation of its own document', async () => {
      const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as {
        info: { title: string };
        paths: Record<string, Record<string, unknown>>;
      };
      const described = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.keys(item)
          .filter((key) => key !== 'parameters')
          .map((method) => `${method.toUpperCase()} ${path}`),
      );
      const shown = await page.evaluate<string[]>(`
        [...document.querySelectorAll('.opblock')].map((block) =>
          block.querySelector('.opblock-summary-method').textContent + ' ' +
          block.querySelector('[data-path]').getAttribute('data-path'))`);
      expect(shown.sort()).toEqual(described.sort());
      expect(await page.locator('.info h1, .info h2').first().textContent()).toContain(document.info.title);
    });

    it('has a title, a language, landmarks and a link past the header', async () => {
      expect(await page.title()).toBe('API reference · Edge Liveness API');
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
        expect(await page.getByRole(landmark).count(), landmark).toBe(1);
      }
      expect(await page.locator('h1').count()).toBe(1);
      const links = page.getByRole('navigation', { name: 'API resources' }).getByRole('link');
      const hrefs = await Promise.all((await links.all()).map((link) => link.getAttribute('href')));
      expect(hrefs).toEqual(['/openapi.json', '/postman.json', '/health']);

      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Skip to the API reference');
      await page.keyboard.press('Enter');
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('reference');
    });

    it('follows the colour scheme, also while it is open', async () => {
      const colours = () =>
        page.evaluate<string[]>(`
          ['body', '.info .title', '.opblock-summary-path', '.scheme-container'].flatMap((selector) => {
            const style = getComputedStyle(document.querySelector(selector));
            return [style.color, style.backgroundColor];
          })`);
      await inScheme('light');
      const light = await colours();
      await inScheme('dark');
      const dark = await colours();
      expect(dark[1]).not.toBe(light[1]);
      for (const index of [0, 2, 4, 6]) expect(dark[index]).not.toBe(light[index]);
    });

    it('works in every part under its own policy, from its own origin', unfold);

    it('can be read in either scheme', async () => {
      await unfold();
      const lowContrast = async () => {
        const found: Record<string, unknown> = {};
        for (const scheme of ['light', 'dark'] as const) {
          await inScheme(scheme);
          found[scheme] = await page.evaluate(LOW_CONTRAST);
        }
        return found;
      };
      expect(await lowContrast()).toEqual({ light: [], dark: [] });
      await page.locator('.scheme-container .authorize').click();
      await page.waitForSelector('.dialog-ux');
      expect(await lowContrast()).toEqual({ light: [], dark: [] });
      await page.locator('.close-modal').click();
    });

    it('fits a narrow screen', async () => {
      await unfold();
      await page.setViewportSize(PHONE.viewport);
      expect(await page.evaluate(WIDTHS)).toEqual([360, 360]);
    });
  });

  describe('on a phone, in the dark scheme', () => {
    beforeAll(async () => {
      visit = await visitDocs({ browser, baseUrl, address: '/docs', options: { ...PHONE, colorScheme: 'dark' } });
      ({ page } = visit);
    });

    afterAll(() => visit?.close());

    it('opens in that scheme, and fits', async () => {
      expect(await page.locator('html.dark-mode').count()).toBe(1);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      expect(await page.evaluate(WIDTHS)).toEqual([360, 360]);
    });

    it('sends a key where it belongs, and keeps it nowhere', async () => {
      await page.locator('.scheme-container .authorize').tap();
      const dialog = await page.locator('.dialog-ux .modal-ux').boundingBox();
      expect(dialog?.x).toBeGreaterThanOrEqual(0);
      expect((dialog?.x ?? 0) + (dialog?.width ?? 0)).toBeLessThanOrEqual(360);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      await page.getByLabel('Value:').first().fill('sk-local-acme');
      await page.locator('.auth-btn-wrapper').first().getByRole('button', { name: 'Apply credentials' }).click();
      await page.locator('.close-modal').click();
      const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])';
      expect(await page.evaluate<string>(stored)).toBe('[{},{},""]');

      await page.locator('.opblock', { hasText: 'List the models' }).locator('.opblock-summary-control').click();
      const sent = page.waitForRequest((request) => request.url().includes('/api/v1/models'));
      await page.locator('.opblock.is-open .execute').click();
      expect((await sent).headers()['x-api-key']).toBe('sk-local-acme');
      await page.locator('.live-responses-table').waitFor();
      expect(await page.evaluate(WIDTHS)).toEqual([360, 360]);

      await page.reload();
      await page.waitForSelector('.scheme-container .authorize.unlocked');
    });
  });
});
