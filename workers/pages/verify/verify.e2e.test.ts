import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '#shared/testing/chromium.ts';
import { SESSION_ID } from './testing/make-session.ts';
import { playScene, press, SCENES, type Scene, startCapture, tell, untilHeading } from './testing/scenes.ts';
import { startVerifySite, TOKEN, type VerifySite } from './testing/verify-site.ts';
import { accessibilityProblems, assetsWithStandIn, visitVerify } from './testing/visit-verify.ts';

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const FOCUSED = '[document.activeElement.tagName, document.activeElement.textContent]';
/** Nothing was read aloud before the first; the other puts the focus to what is missing. */
const STAY_WHERE_THEY_ARE = ['opening', 'ready, the choice is missing'];
const CALLS = "document.querySelector('liveness-check').calls";

/** What the page says in words of its own: not the question, nor what the stand-in shows. */
async function sentences(page: Page): Promise<string[]> {
  const texts = await page.locator('main :is(h1, h2, p, li, legend, label, button):visible').allTextContents();
  return texts.filter((words) => words !== '');
}

describe.skipIf(!chromiumAvailable())('the verification page in a browser', () => {
  let site: VerifySite;
  let browser: Browser;

  beforeAll(async () => {
    site = await startVerifySite(await assetsWithStandIn());
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  const visit = (options: BrowserContextOptions, use: (page: Page) => Promise<void>) =>
    visitVerify({ browser, options }, use);
  const scene = (name: string): Scene => {
    const found = SCENES.find((known) => known.name === name);
    if (found === undefined) throw new Error(`no scene ${name}`);
    return found;
  };
  const recorded = () =>
    site.requests
      .filter(({ path }) => path.endsWith('/audit'))
      .map(({ body }) => body as { event: string; details: object });
  const recordedEvents = () => recorded().map(({ event }) => event);

  it.each(SCENES.map((each) => [each.name, each] as const))('explains to everybody: %s', async (name, each) => {
    await visit({ ...PHONE, reducedMotion: 'reduce' }, async (page) => {
      await playScene(page, site, each);
      await untilHeading(page, each.heading);
      expect(await page.title()).toBe(`${each.heading} · Confirm that it is you`);
      if (!STAY_WHERE_THEY_ARE.includes(name)) expect(await page.evaluate(FOCUSED)).toEqual(['H1', each.heading]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect.soft(await accessibilityProblems(page), colorScheme).toEqual([]);
      }
      const widths = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';
      expect(await page.evaluate(widths)).toEqual([360, 360]);

      const english = await sentences(page);
      await press(page, 'Español');
      expect(await page.locator('html').getAttribute('lang')).toBe('es');
      expect((await sentences(page)).filter((sentence) => english.includes(sentence))).toEqual([]);
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  });

  it('shows who asks for what, as text', async () => {
    await visit({}, async (page) => {
      const action = '<img src=x onerror="document.title=1"> & <b>pay</b>\nsecond line';
      const organisation = { name: '<i>Acme</i>', slug: 'acme' };
      await playScene(page, site, { ...scene('ready'), session: { action_description: action, organisation } });
      await untilHeading(page, 'Confirm that it is you');
      expect(await page.locator('blockquote').textContent()).toBe(action);
      expect(await page.locator('main').textContent()).toContain('<i>Acme</i> asks you to confirm:');
      expect(await page.locator('main img, main b, main i').count()).toBe(0);
    });
  });

  it('keeps the token in the fragment, sends it as a key, and stores it nowhere', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready'));
      await startCapture(page);
      expect(site.requests.length).toBeGreaterThanOrEqual(3);
      for (const { key, path } of site.requests) {
        expect([key, path.startsWith(`/api/v1/sessions/${SESSION_ID}`)]).toEqual([TOKEN, true]);
      }
      const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])';
      expect(await page.evaluate(stored)).toBe('[{},{},""]');
      expect(new URL(page.url()).hash).toBe(`#token=${TOKEN}`);
    });
  });

  it('counts down, says so twice, and asks the server when the time is up', async () => {
    await visit({}, async (page) => {
      const expiresAt = new Date(Date.now() + 62_000).toISOString();
      await page.clock.install();
      await playScene(page, site, { ...scene('ready'), session: { expires_at: expiresAt } });
      await page.getByText(/This link is good for another 1:0\d min\./).waitFor();
      expect(await page.getByRole('status').textContent()).toBe('');
      await page.clock.runFor(5_000);
      expect(await page.getByRole('status').textContent()).toMatch(/^This link is good for another \d\d seconds\.$/);
      expect(await page.locator('#time-left').getAttribute('aria-live')).toBeNull();
      Object.assign(site.session, { state: 'expired' });
      await page.clock.runFor(70_000);
      await untilHeading(page, 'This link has expired');
    });
  });

  it('can be used with the keyboard alone', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready with a choice'));
      await untilHeading(page, 'Confirm that it is you');
      const order: unknown[] = [];
      for (let count = 0; count < 2; count += 1) {
        await page.keyboard.press('Tab');
        order.push(await page.evaluate('document.activeElement.id || document.activeElement.textContent'));
      }
      expect(order).toEqual(['consent', 'Start the camera']);
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).toBe('solid');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await untilHeading(page, 'Show your face');
      expect(recordedEvents()).toEqual(['page_opened', 'consent_given', 'capture_started']);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await untilHeading(page, 'Confirm that it is you');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames', 'stop']);
    });
  });

  it('asks before anybody is recognised, and goes on without', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready with a choice'));
      const box = page.getByRole('checkbox', { name: 'Recognise me next time' });
      expect(await box.isChecked()).toBe(false);
      await startCapture(page);
      expect(recordedEvents()).toEqual(['page_opened', 'consent_refused', 'capture_started']);
      expect(recorded()[1]?.details).toMatchObject({
        text_version: expect.stringMatching(/^\d{4}-\d\d/),
        language: 'en',
      });
    });
  });

  it('does not begin without the agreement that is asked for', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready, the choice is missing'));
      const box = page.getByRole('checkbox', { name: 'Recognise me next time' });
      expect(await page.evaluate('document.activeElement.id')).toBe('consent');
      expect(await box.getAttribute('aria-invalid')).toBe('true');
      expect(recordedEvents()).toEqual(['page_opened']);
      await box.check();
      await startCapture(page);
      expect(recordedEvents()).toEqual(['page_opened', 'consent_given', 'capture_started']);
    });
  });

  it('does not ask for the camera in a session that was closed meanwhile', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready'));
      await untilHeading(page, 'Confirm that it is you');
      Object.assign(site.session, { state: 'cancelled' });
      await press(page, 'Start the camera');
      await untilHeading(page, 'No longer needed');
      expect(await page.evaluate(CALLS)).not.toContain('start 1 of 10 frames');
    });
  });

  it('offers another attempt, in words that help, and counts it', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('not confirmed'));
      await page.getByText('Add light in front of your face.').waitFor();
      await page.getByText('You have 2 attempts left.').waitFor();
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
      expect(await page.evaluate(CALLS)).toContain('start 2 of 10 frames');
      expect(recorded().at(-1)).toMatchObject({ event: 'capture_started', details: { attempt: 2 } });
    });
  });

  it('sends the same recording again by itself once the connection is back', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('connection lost'));
      await untilHeading(page, 'No connection');
      await page.evaluate("dispatchEvent(new Event('online'))");
      await untilHeading(page, 'Checking…');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames', 'retry']);
    });
  });

  it('leaves the focus where it is while the words change, and takes it along when its button goes', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('capturing'));
      await page.keyboard.press('Tab');
      await tell(page, 'state', { state: 'searching' });
      await page.getByText('Hold the device in front of your face').waitFor();
      expect(await page.evaluate(FOCUSED)).toEqual(['BUTTON', 'Stop']);
      await tell(page, 'state', { state: 'sending' });
      await untilHeading(page, 'Checking…');
      expect(await page.evaluate(FOCUSED)).toEqual(['H1', 'Checking…']);
    });
  });

  it('goes on by itself when it could not be opened without a connection', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('no connection'));
      await untilHeading(page, 'No connection');
      site.mood = { kind: 'answers' };
      await page.evaluate("dispatchEvent(new Event('online'))");
      await untilHeading(page, 'Confirm that it is you');
    });
  });

  it('tells the trail why a camera was not used', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('camera denied'));
      await untilHeading(page, 'The camera is not allowed');
      await expect.poll(recordedEvents).toEqual(['page_opened', 'capture_started', 'camera_denied']);
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
    });
  });

  it('waits as long as it is asked to before it asks again', async () => {
    await visit({}, async (page) => {
      await page.clock.install();
      await playScene(page, site, scene('too many requests'));
      const waiting = page.getByRole('button', { name: /^Try again in \d+ s$/ });
      await waiting.waitFor();
      expect(await waiting.isDisabled()).toBe(true);
      site.mood = { kind: 'answers' };
      await page.clock.runFor(31_000);
      await press(page, 'Try again');
      await untilHeading(page, 'Confirm that it is you');
    });
  });

  it('changes its language where it is, and keeps what was chosen', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('ready with a choice'));
      await page.getByRole('checkbox').check();
      await press(page, 'Español');
      await untilHeading(page, 'Confirme que es usted');
      expect(await page.locator('html').getAttribute('lang')).toBe('es');
      expect(await page.getByRole('checkbox', { name: 'Reconocerme la próxima vez' }).isChecked()).toBe(true);
      expect(new URL(page.url()).search + new URL(page.url()).hash).toBe(`?lang=es#token=${TOKEN}`);
      await page.reload();
      await untilHeading(page, 'Confirme que es usted');
      expect(await page.getByRole('checkbox').isChecked()).toBe(false);
      await press(page, 'Encender la cámara');
      await untilHeading(page, 'Muestre su cara');
      await tell(page, 'state', { state: 'searching' });
      await press(page, 'English');
      await untilHeading(page, 'Show your face');
      expect(await page.locator('liveness-check').getAttribute('lang')).toBe('en');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames']);
    });
  });

  it('takes the rest of a link that was cut off', async () => {
    await visit({}, async (page) => {
      await playScene(page, site, scene('no token'));
      await untilHeading(page, 'This link is not complete');
      expect(site.requests).toEqual([]);
      await page.goto(site.link);
      await untilHeading(page, 'Confirm that it is you');
    });
  });
});
