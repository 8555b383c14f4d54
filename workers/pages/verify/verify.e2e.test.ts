import { describe, expect, it } from 'vitest';
import { chromiumAvailable } from '#shared/testing/chromium.ts';
import { press, sceneOf, startCapture, tell, untilHeading } from './testing/scenes.ts';
import { CALLS, useStandIn } from './testing/use-stand-in.ts';
import { TOKEN } from './testing/verify-site.ts';

const REQUEST = 'Confirm that it is you';
const ACTIVE_ID = 'document.activeElement.id';

describe.skipIf(!chromiumAvailable())('the verification page in a browser', () => {
  const visit = useStandIn();

  it('shows who asks for what, as text', async () => {
    const action = '<img src=x onerror="document.title=1"> & <b>pay</b>\nsecond line';
    const organisation = { name: '<i>Acme</i>', slug: 'acme' };
    await visit(sceneOf('ready', { action_description: action, organisation }), async (page) => {
      await untilHeading(page, REQUEST);
      expect(await page.locator('blockquote').textContent()).toBe(action);
      expect(await page.locator('main').textContent()).toContain('<i>Acme</i> asks you to confirm:');
      expect(await page.locator('main img, main b, main i').count()).toBe(0);
    });
  });

  it('keeps the token in the fragment, sends it as a key, and stores it nowhere', async () => {
    await visit(sceneOf('ready'), async (page, { id, requests }) => {
      await startCapture(page);
      expect(requests.length).toBeGreaterThanOrEqual(3);
      for (const { key, path } of requests) {
        expect([key, path.startsWith(`/api/v1/sessions/${id}`)]).toEqual([TOKEN, true]);
      }
      const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])';
      expect(await page.evaluate(stored)).toBe('[{},{},""]');
      expect(new URL(page.url()).hash).toBe(`#token=${TOKEN}`);
    });
  });

  it('counts down, says so twice, and asks the server when the time is up', async () => {
    const expiresAt = new Date(Date.now() + 62_000).toISOString();
    const scene = { ...sceneOf('ready', { expires_at: expiresAt }), hasOwnClock: true } as const;
    await visit(scene, async (page, asked) => {
      await page.getByText(/This link is good for another 1:0\d min\./).waitFor();
      expect(await page.getByRole('status').textContent()).toBe('');
      await page.clock.runFor(5_000);
      expect(await page.getByRole('status').textContent()).toMatch(/^This link is good for another \d\d seconds\.$/);
      expect(await page.locator('#time-left').getAttribute('aria-live')).toBeNull();
      Object.assign(asked.session, { state: 'expired' });
      await page.clock.runFor(70_000);
      await untilHeading(page, 'This link has expired');
    });
  });

  it('can be used with the keyboard alone', async () => {
    await visit(sceneOf('ready with a choice'), async (page, { recordedEvents }) => {
      await untilHeading(page, REQUEST);
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
      await untilHeading(page, REQUEST);
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames', 'stop']);
    });
  });

  it('asks before anybody is recognised, and goes on without', async () => {
    await visit(sceneOf('ready with a choice'), async (page, { recorded, recordedEvents }) => {
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

  it('does not begin without the agreement that is asked for, and says so each time', async () => {
    await visit(sceneOf('ready, the choice is missing'), async (page, { recordedEvents }) => {
      const box = page.getByRole('checkbox', { name: 'Recognise me next time' });
      const complaint = page.locator('#consent-problem');
      expect(await page.evaluate(ACTIVE_ID)).toBe('consent');
      await press(page, 'Start the camera');
      expect(await page.evaluate(ACTIVE_ID)).toBe('consent');
      expect(await box.getAttribute('aria-invalid')).toBe('true');
      expect(await complaint.isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Español' }).focus();
      await page.keyboard.press('Enter');
      expect(await complaint.textContent()).toContain('Para seguir');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Español');
      await press(page, 'English');
      expect(recordedEvents()).toEqual(['page_opened']);
      await box.check();
      expect(await box.getAttribute('aria-invalid')).toBeNull();
      expect(await complaint.isVisible()).toBe(false);
      await startCapture(page);
      expect(recordedEvents()).toEqual(['page_opened', 'consent_given', 'capture_started']);
    });
  });

  it('offers another attempt, in words that help, and counts it', async () => {
    await visit(sceneOf('not confirmed'), async (page, { recorded }) => {
      await page.getByText('Add light in front of your face.').waitFor();
      await page.getByText('You have 2 attempts left.').waitFor();
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
      expect(await page.evaluate(CALLS)).toContain('start 2 of 10 frames');
      expect(recorded().at(-1)).toMatchObject({ event: 'capture_started', details: { attempt: 2 } });
    });
  });

  it('leaves the focus where it is while the words change, and takes it along when its button goes', async () => {
    const focused = '[document.activeElement.tagName, document.activeElement.textContent]';
    await visit(sceneOf('capturing'), async (page) => {
      await page.keyboard.press('Tab');
      await tell(page, 'state', { state: 'searching' });
      await page.getByText('Hold the device in front of your face').waitFor();
      expect(await page.evaluate(focused)).toEqual(['BUTTON', 'Stop']);
      await tell(page, 'state', { state: 'sending' });
      await untilHeading(page, 'Checking…');
      expect(await page.evaluate(focused)).toEqual(['H1', 'Checking…']);
    });
  });

  it('changes its language where it is, and keeps what was chosen', async () => {
    await visit(sceneOf('ready with a choice'), async (page) => {
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
    await visit(sceneOf('no token'), async (page, { link, requests }) => {
      await untilHeading(page, 'This link is not complete');
      expect(requests).toEqual([]);
      await page.goto(link);
      await untilHeading(page, REQUEST);
    });
  });

  it('says at once that a browser lacks what the check needs', async () => {
    await visit({ ...sceneOf('ready'), before: 'delete window.OffscreenCanvas' }, (page) =>
      untilHeading(page, 'This browser cannot do it'),
    );
  });

  it('fetches nothing ahead for who saves data', async () => {
    const before = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })";
    await visit({ ...sceneOf('ready'), before }, async (page) => {
      await untilHeading(page, REQUEST);
      // The others prepare within a frame of what they see.
      await page.waitForTimeout(300);
      await startCapture(page);
      expect(await page.evaluate(CALLS)).toEqual(['start 1 of 10 frames']);
    });
  });
});
