import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '#shared/testing/chromium.ts';
import type { CameraFile } from '../../pages/capture/testing/camera-file.ts';

/** Tells how often a page has asked for the camera: see `cameraRequests`. */
const COUNT_REQUESTS = `
  globalThis.cameraRequests = 0;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (...wishes) => {
    globalThis.cameraRequests++;
    return ask(...wishes);
  };`;

/** One browser before each camera, started when it is first needed: a film is what takes long to make. */
export class CameraBrowsers<Name extends string> {
  readonly #films: Record<Name, () => Promise<CameraFile>>;
  readonly #open = new Map<Name, Promise<{ browser: Browser; film: CameraFile }>>();

  constructor(films: Record<Name, () => Promise<CameraFile>>) {
    this.#films = films;
  }

  /** A page that knows nothing of those before it, and may use the camera unless `options` say something else. */
  async visit<Result>(
    name: Name,
    url: unknown,
    use: (page: Page) => Promise<Result>,
    options: BrowserContextOptions = { permissions: ['camera'] },
  ): Promise<Result> {
    const started = this.#open.get(name) ?? this.#start(name);
    this.#open.set(name, started);
    const context = await (await started).browser.newContext({ locale: 'en-GB', ...options });
    try {
      await context.addInitScript(COUNT_REQUESTS);
      const page = await context.newPage();
      await page.goto(`${url}`);
      return await use(page);
    } finally {
      await context.close();
    }
  }

  async #start(name: Name): Promise<{ browser: Browser; film: CameraFile }> {
    const film = await this.#films[name]();
    return { film, browser: await launchChromium(film.argsToAsk) };
  }

  async close(): Promise<void> {
    for (const started of this.#open.values()) {
      const { browser, film } = await started;
      await browser.close();
      await film.remove();
    }
  }
}

export async function cameraRequests(page: Page): Promise<number> {
  return await page.evaluate<number>('globalThis.cameraRequests');
}
