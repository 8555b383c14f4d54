import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

interface Where {
  browser: Browser;
  baseUrl: string;
  /** Of the reference. */
  address: string;
  options: BrowserContextOptions;
}

export interface DocsVisit {
  page: Page;
  /** All that was refused, failed, or left the origin since the page was opened. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}

/** The loaded reference, watched. */
export async function visitDocs({ browser, baseUrl, address, options }: Where): Promise<DocsVisit> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== baseUrl) {
      complaints.push(`left the origin: ${request.url()}`);
    }
  });
  // The console tells of most of these by itself, the event of all.
  await page.addInitScript(`
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
  `);
  await page.goto(`${baseUrl}${address}`);
  await page.waitForSelector('.opblock');
  return {
    page,
    async complaints() {
      // What was said before the answer to this has arrived before it.
      await page.evaluate('0');
      return complaints;
    },
    close: () => context.close(),
  };
}

/**
 * Whatever a reader can unfold, of each kind: an operation of each method, its schemas, the models, and one operation
 * carried out. Not every operation: they look alike, and the page slows down with each that is open.
 */
export async function unfoldEachKind(page: Page): Promise<void> {
  for (const method of ['post', 'patch', 'delete']) {
    await page.locator(`.opblock-${method} .opblock-summary-control`).first().click();
  }
  const open = page.locator('.opblock.is-open');
  for (const operation of await open.all()) await operation.getByRole('tab', { name: 'Schema' }).first().click();
  await page.locator('.models-control').click();
  const models = page.locator('.models .json-schema-2020-12-expand-deep-button');
  for (const model of (await models.all()).slice(0, 3)) await model.click();
  const health = page.locator('.opblock', { has: page.locator('[data-path="/health"]') });
  await health.locator('.opblock-summary-control').click();
  await health.getByRole('button', { name: 'Execute' }).click();
  await health.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
}
