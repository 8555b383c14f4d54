import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { collectAssets } from '../../prepare-assets.ts';
import { buildVerify } from '../../prepare-verify.ts';

const REPOSITORY_ROOT = join(import.meta.dirname, '../../../..');
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The built page, with an element in it that does as the test says. */
export async function assetsWithStandIn(): Promise<Map<string, Buffer>> {
  const standIn = await readFile(join(import.meta.dirname, 'stand-in-element.js'));
  const buildCapture = async () => new Map([['liveness-check.js', standIn]]);
  return await collectAssets({ repositoryRoot: REPOSITORY_ROOT, builders: { buildCapture, buildVerify } });
}

export async function realAssets(): Promise<Map<string, Buffer>> {
  return await collectAssets({ repositoryRoot: REPOSITORY_ROOT });
}

interface Visit {
  browser: Browser;
  options?: BrowserContextOptions;
}

/** Runs `use` on a page of its own, and fails if its policy was broken, a script threw, or anything left the origin. */
export async function visitVerify({ browser, options }: Visit, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(`policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol === 'http:' && hostname !== 'localhost') complaints.push(`left the origin: ${request.url()}`);
    if (request.url().includes('vst_')) complaints.push(`the token in an address: ${request.url()}`);
  });
  try {
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** What axe has to complain of, by rule and element. Runs beside the page's policy, which allows no such script. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  return await page.evaluate<string[]>(`
    axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
}
