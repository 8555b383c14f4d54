import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CaptureSite } from './capture-site.ts';

/** An event of the element. */
export interface Told {
  type: string;
  [detail: string]: unknown;
}

export interface Visit {
  page: Page;
  told(): Promise<Told[]>;
  /** The first event of this name, once it has come. */
  event(name: string): Promise<Told>;
  /** Whether a camera is still on. */
  cameraIsOn(): Promise<boolean>;
}

export interface VisitOptions {
  browser: Browser;
  site: CaptureSite;
  url?: string;
  /** What else the console may say. */
  mayLog?: RegExp;
}

/** Runs `use` on the page, and fails if its policy was violated, or if a script failed. */
export async function visitCapture(
  { browser, site, url = site.baseUrl, mayLog }: VisitOptions,
  use: (visit: Visit) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      const text = message.text();
      // What the network does is what the tests are about.
      const isExpected = text.startsWith('Failed to load resource') || mayLog?.test(text);
      if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(text);
    });
    await page.goto(url);
    const told = () => page.evaluate<Told[]>('told');
    await use({
      page,
      told,
      event: (name) =>
        expect
          .poll(async () => (await told()).find(({ type }) => type === name), { timeout: 30_000, interval: 50 })
          .toBeDefined()
          .then(async () => (await told()).find(({ type }) => type === name) ?? { type: 'none' }),
      cameraIsOn: () => page.evaluate<boolean>("tracks.some(({ readyState }) => readyState === 'live')"),
    });
    complaints.push(...(await page.evaluate<string[]>('violations')));
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}
