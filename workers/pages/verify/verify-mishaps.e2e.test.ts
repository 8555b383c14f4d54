import { describe, expect, it } from 'vitest';
import { chromiumAvailable } from '#shared/testing/chromium.ts';
import { press, sceneOf, startCapture, tell, untilHeading } from './testing/scenes.ts';
import { CALLS, useStandIn } from './testing/use-stand-in.ts';

const REQUEST = 'Confirm that it is you';
const COME_ONLINE = "dispatchEvent(new Event('online'))";

describe.skipIf(!chromiumAvailable())('the verification page when something comes between', () => {
  const visit = useStandIn();

  it('does not ask for the camera in a session that was closed meanwhile', async () => {
    await visit(sceneOf('ready'), async (page, asked) => {
      await untilHeading(page, REQUEST);
      Object.assign(asked.session, { state: 'cancelled' });
      await press(page, 'Start the camera');
      await untilHeading(page, 'No longer needed');
      expect(await page.evaluate(CALLS)).not.toContain('start 1 of 10 frames');
    });
  });

  it('does not say that it was you when somebody else has confirmed', async () => {
    await visit(sceneOf('ready'), async (page, asked) => {
      await untilHeading(page, REQUEST);
      Object.assign(asked.session, { state: 'completed', attempts: 1, verdict: 'live' });
      await press(page, 'Start the camera');
      await untilHeading(page, 'Already confirmed');
      await page.getByText('If it was not you, tell Acme Bank.').waitFor();
    });
    await visit(sceneOf('sending'), async (page, asked) => {
      Object.assign(asked.session, { state: 'completed', attempts: 1, verdict: 'live' });
      await tell(page, 'error', { code: 'session_conflict', message: '', retryable: false });
      await untilHeading(page, 'Already confirmed');
      await page.getByText('If it was not you, tell Acme Bank.').waitFor();
    });
  });

  it('sends the same recording again by itself once the connection is back', async () => {
    await visit(sceneOf('connection lost'), async (page) => {
      await untilHeading(page, 'No connection');
      await page.evaluate(COME_ONLINE);
      await untilHeading(page, 'Checking…');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames', 'retry']);
    });
  });

  it('goes on by itself when it could not be opened without a connection, and says so only where it does', async () => {
    await visit(sceneOf('no connection'), async (page, asked) => {
      const promise = page.getByText('As soon as the connection is back, this goes on by itself.');
      await untilHeading(page, 'No connection');
      expect(await promise.count()).toBe(0);
      await page.context().setOffline(true);
      await press(page, 'Try again');
      await promise.waitFor();
      asked.mood = { kind: 'answers' };
      await page.context().setOffline(false);
      await untilHeading(page, REQUEST);
    });
  });

  it('does not start the camera by itself', async () => {
    await visit(sceneOf('ready'), async (page, asked) => {
      await untilHeading(page, REQUEST);
      asked.mood = { kind: 'is_lost' };
      await press(page, 'Start the camera');
      await untilHeading(page, 'No connection');
      asked.mood = { kind: 'answers' };
      await page.evaluate(COME_ONLINE);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('No connection');
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames']);
    });
  });

  it('tells the trail why a camera was not used', async () => {
    await visit(sceneOf('camera denied'), async (page, { recordedEvents }) => {
      await untilHeading(page, 'The camera is not allowed');
      await expect.poll(recordedEvents).toEqual(['page_opened', 'capture_started', 'camera_denied']);
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
    });
  });

  it('waits as long as it is asked to before it asks again', async () => {
    await visit({ ...sceneOf('too many requests'), hasOwnClock: true }, async (page, asked) => {
      const waiting = page.getByRole('button', { name: /^Try again in \d+ s$/ });
      await waiting.waitFor();
      expect(await waiting.isDisabled()).toBe(true);
      asked.mood = { kind: 'answers' };
      await page.clock.runFor(31_000);
      await press(page, 'Try again');
      await untilHeading(page, REQUEST);
    });
  });

  it('waits no longer because the language is changed, and then sends the recording that it has', async () => {
    await visit({ ...sceneOf('capturing'), hasOwnClock: true }, async (page) => {
      await tell(page, 'error', { code: 'rate_limited', message: '', retryable: true, retry_after: 30 });
      await untilHeading(page, 'Too many requests');
      await page.clock.runFor(20_000);
      await press(page, 'Español');
      const waiting = page.getByRole('button', { name: /^Reintentar en \d+ s$/ });
      expect(await waiting.isDisabled()).toBe(true);
      await page.clock.runFor(11_000);
      await press(page, 'Reintentar');
      await untilHeading(page, 'Comprobando…');
      expect(await page.evaluate(CALLS)).toEqual(['prepare', 'start 1 of 10 frames', 'retry']);
    });
  });

  it('lets nobody wait for ever while a recording is sent', async () => {
    await visit({ ...sceneOf('sending'), hasOwnClock: true }, async (page) => {
      const stop = page.getByRole('button', { name: 'Stop' });
      await page.clock.runFor(15_000);
      expect(await stop.count()).toBe(0);
      await page.clock.runFor(6_000);
      const words = 'This takes longer than usual: the connection may be slow. You can wait, or stop.';
      expect(await page.getByRole('status').textContent()).toBe(words);
      await press(page, 'Stop');
      await untilHeading(page, REQUEST);
    });
  });

  it('loads itself again when a part is missing twice', async () => {
    await visit(sceneOf('weights missing'), async (page) => {
      await press(page, 'Try again');
      await untilHeading(page, 'Show your face');
      await tell(page, 'error', { code: 'weights_failed', message: '', retryable: true });
      await untilHeading(page, 'The page did not load completely');
      await page.evaluate('window.isOld = true');
      await press(page, 'Try again');
      await untilHeading(page, REQUEST);
      expect(await page.evaluate('window.isOld ?? false')).toBe(false);
      await startCapture(page);
    });
  });
});
