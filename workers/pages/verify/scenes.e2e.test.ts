import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumAvailable } from '#shared/testing/chromium.ts';
import { press, SCENES, untilHeading } from './testing/scenes.ts';
import { FOCUSED, useStandIn } from './testing/use-stand-in.ts';
import { accessibilityProblems } from './testing/visit-verify.ts';

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const WIDTHS = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';

/** What the page says in words of its own: not the question, nor what the stand-in shows. */
async function sentences(page: Page): Promise<string[]> {
  const texts = await page.locator('main :is(h1, h2, p, li, legend, label, button):visible').allTextContents();
  return texts.filter((words) => words !== '');
}

describe.skipIf(!chromiumAvailable())('the verification page in a browser', () => {
  const visit = useStandIn({ ...PHONE, reducedMotion: 'reduce' });

  it.each(SCENES)('explains to everybody: $name', async (scene) => {
    await visit(scene, async (page) => {
      const { heading, leavesFocus } = scene;
      await page.emulateMedia({ colorScheme: 'light' });
      await untilHeading(page, heading);
      expect(await page.title()).toBe(`${heading} · Confirm that it is you`);
      if (!leavesFocus) expect(await page.evaluate(FOCUSED)).toEqual(['H1', heading]);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate(WIDTHS)).toEqual([360, 360]);

      const english = await sentences(page);
      await press(page, 'Español');
      expect(await page.locator('html').getAttribute('lang')).toBe('es');
      expect((await sentences(page)).filter((sentence) => english.includes(sentence))).toEqual([]);
      // What a scheme changes, its colours, it changes in both languages.
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  });
});
