import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from '#shared/testing/chromium.ts';
import { playScene, type Scene } from './scenes.ts';
import { type AskedSession, startVerifySite, type VerifySite } from './verify-site.ts';
import { assetsWithStandIn, newVisitor, visitVerify, watched } from './visit-verify.ts';

/** What the page has asked of the stand-in for its element. */
export const CALLS = "document.querySelector('liveness-check')?.calls ?? []";
export const FOCUSED = '[document.activeElement.tagName, document.activeElement.textContent]';

/** Leads the page into a scene, and runs `use` there. */
export type VisitScene = (scene: Scene, use: (page: Page, asked: AskedSession) => Promise<void>) => Promise<void>;

/**
 * For the tests of one describe: the page with the stand-in for its element, and a browser. One tab visits one link after the other,
 * which takes half the time of a new one each; only what would outlast its scene has a visitor of its own.
 */
export function useStandIn(options: BrowserContextOptions = {}): VisitScene {
  let site: VerifySite;
  let browser: Browser;
  let tab: Page | null = null;

  beforeAll(async () => {
    site = await startVerifySite(await assetsWithStandIn());
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  return async (scene, use) => {
    const play = async (page: Page) => use(page, await playScene(page, site, scene));
    if (scene.before !== undefined || scene.script !== undefined || scene.hasOwnClock) {
      return await visitVerify({ site, browser, options }, play);
    }
    tab ??= await (await newVisitor({ browser, options })).newPage();
    try {
      await watched(tab, site, play);
    } catch (error) {
      // Whatever it was left with shall not fail others.
      tab = null;
      throw error;
    }
  };
}
