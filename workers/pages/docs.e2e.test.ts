import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import { unfoldEachKind, visitDocs } from './testing/visit-docs.ts';

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const LOW_CONTRAST = await readFile(join(import.meta.dirname, 'testing/low-contrast.js'), 'utf8');

describe.skipIf(!chromiumAvailable())('the reference in a browser', () => {
  let baseUrl: string;
  let stopServer: () => Promise<void>;
  let browser: Browser;

  beforeAll(async () => {
    ({ baseUrl, stop: stopServer } = await startLocalServer());
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await stopServer?.();
  });

  const visit = (options: BrowserContextOptions, use: (page: Page) => Promise<void>) =>
    visitDocs({ browser, baseUrl, options }, use);

  it('shows every operation of the document', async () => {
    const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as {
      info: { title: string };
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => key !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    await visit({}, async (page) => {
      const shown = [];
      for (const block of await page.locator('.opblock').all()) {
        const method = await block.locator('.opblock-summary-method').textContent();
        shown.push(`${method} ${await block.locator('[data-path]').getAttribute('data-path')}`);
      }
      expect(shown.sort()).toEqual(described.sort());
      expect(await page.locator('.info h1, .info h2').first().textContent()).toContain(document.info.title);
    });
  });

  it('works in every part under its own policy, from its own origin', async () => {
    await visit({}, unfoldEachKind);
  });

  it('has a title, a language, landmarks and a link past the header', async () => {
    await visit({}, async (page) => {
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
  });

  it('sends a key where it belongs, and keeps it nowhere', async () => {
    await visit({}, async (page) => {
      await page.locator('.scheme-container .authorize').click();
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

      await page.reload();
      await page.waitForSelector('.scheme-container .authorize.unlocked');
    });
  });

  it('does not let a link choose the document', async () => {
    await visit({}, async (page) => {
      await page.goto(`${baseUrl}/docs?url=/health&configUrl=/health`);
      await page.waitForSelector('.opblock');
    });
  });

  it('follows the colour scheme, also while it is open', async () => {
    await visit({ colorScheme: 'light' }, async (page) => {
      const colours = () =>
        page.evaluate<string[]>(`
          ['body', '.info .title', '.opblock-summary-path', '.scheme-container'].flatMap((selector) => {
            const style = getComputedStyle(document.querySelector(selector));
            return [style.color, style.backgroundColor];
          })`);
      const light = await colours();
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForSelector('html.dark-mode');
      const dark = await colours();
      expect(dark[1]).not.toBe(light[1]);
      for (const index of [0, 2, 4, 6]) expect(dark[index]).not.toBe(light[index]);
    });
  });

  it.each(['light', 'dark'] as const)('can be read in the %s scheme', async (colorScheme) => {
    await visit({ colorScheme }, async (page) => {
      await unfoldEachKind(page);
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      await page.locator('.scheme-container .authorize').click();
      await page.waitForSelector('.dialog-ux');
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    });
  });

  it('fits a phone', async () => {
    await visit(PHONE, async (page) => {
      await unfoldEachKind(page);
      const [content, viewport] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect(viewport).toBe(360);
      expect(content).toBe(viewport);
      await page.locator('.scheme-container .authorize').tap();
      const dialog = await page.locator('.dialog-ux .modal-ux').boundingBox();
      expect(dialog?.x).toBeGreaterThanOrEqual(0);
      expect((dialog?.x ?? 0) + (dialog?.width ?? 0)).toBeLessThanOrEqual(360);
    });
  });
});
