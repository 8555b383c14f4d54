import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CaptureSite } from './capture-site.ts';

/** An event of the element. */
export interface Told {
  type: string;
  [detail: string]: unknown;
}

export interface Visit {
  page: Page;
  /** Presses Start, and forgets what the element told before. */
  start(): Promise<void>;
  set(attributes: Record<string, string>): Promise<void>;
  told(): Promise<Told[]>;
  /** The first event of this name, once it has come. */
  event(name: string): Promise<Told>;
  /** All hints, or all of whatever it is. */
  events(name: string): Promise<Told[]>;
  untilState(state: string): Promise<void>;
  /** Whether a camera is still on. */
  cameraIsOn(): Promise<boolean>;
}

export interface VisitOptions {
  /** Visits of one context load what is heavy once. */
  context: BrowserContext;
  site: CaptureSite;
  url?: string;
  /** What else the console may say. */
  mayLog?: RegExp;
}

/** Runs `use` on the page, and fails if its policy was violated, or if a script failed. */
export async function visitCapture(
  { context, site, url = site.baseUrl, mayLog }: VisitOptions,
  use: (visit: Visit) => Promise<void>,
): Promise<void> {
  const page = await context.newPage();
  try {
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
    const first = async (isIt: (event: Told) => boolean) => {
      let found: Told | undefined;
      const look = async () => {
        found = (await told()).find(isIt);
        return found;
      };
      await expect.poll(look, { timeout: 30_000, interval: 50 }).toBeDefined();
      return found ?? { type: 'none' };
    };
    await use({
      page,
      told,
      async start() {
        await page.evaluate('told.length = 0');
        await page.click('button');
      },
      set: (attributes) =>
        page.evaluate(`
          for (const [name, value] of Object.entries(${JSON.stringify(attributes)})) {
            document.querySelector('liveness-check').setAttribute(name, value);
          }`),
      event: (name) => first(({ type }) => type === name),
      events: async (name) => (await told()).filter(({ type }) => type === name),
      async untilState(wanted) {
        await first(({ state }) => state === wanted);
      },
      cameraIsOn: () => page.evaluate<boolean>("tracks.some(({ readyState }) => readyState === 'live')"),
    });
    complaints.push(...(await page.evaluate<string[]>('violations')));
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}
