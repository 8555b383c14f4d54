import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { collectAssets } from '../../prepare-assets.ts';
import { buildVerify } from '../../prepare-verify.ts';
import type { VerifySite } from './verify-site.ts';

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
  site: VerifySite;
  browser: Browser;
  options?: BrowserContextOptions;
}

export async function newVisitor({ browser, options }: Omit<Visit, 'site'>): Promise<BrowserContext> {
  return await browser.newContext({ locale: 'en-GB', ...options });
}

/** Runs `use` on a page of its own, with nothing in its cache. */
export async function visitVerify(visit: Visit, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await newVisitor(visit);
  try {
    await watched(await context.newPage(), visit.site, use);
  } finally {
    await context.close();
  }
}

/** Fails if the page breaks its policy, a script of it throws, or anything leaves its origin. */
export async function watched(page: Page, site: VerifySite, use: (page: Page) => Promise<void>): Promise<void> {
  const complaints: string[] = [];
  const failed = (error: Error) => complaints.push(`script: ${error.message}`);
  const logged = (message: ConsoleMessage) => {
    if (message.text().includes('Content Security Policy')) complaints.push(`policy: ${message.text()}`);
  };
  const requested = (request: Request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== site.baseUrl) {
      complaints.push(`left the origin: ${request.url()}`);
    }
    if (request.url().includes('vst_')) complaints.push(`the token in an address: ${request.url()}`);
  };
  page.on('pageerror', failed).on('console', logged).on('request', requested);
  try {
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    page.off('pageerror', failed).off('console', logged).off('request', requested);
  }
}

/** What axe has to complain of, by rule and element. Runs beside the page's policy, which allows no such script. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Half a megabyte, which stays with the page.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const options = { runOnly, resultTypes: ['violations'], selectors: false };
  return await page.evaluate<string[]>(`
    axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
}
