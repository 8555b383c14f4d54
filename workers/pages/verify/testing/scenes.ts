import type { Page } from 'playwright-core';
import type { PageSession } from '../page-session.ts';
import type { ApiMood, AskedSession, VerifySite } from './verify-site.ts';

/** A way to a state of the page, and how its heading then reads. */
export interface Scene {
  name: string;
  heading: string;
  session?: Partial<PageSession>;
  mood?: ApiMood;
  /** Of its address: the rest was cut off. */
  hasNoToken?: true;
  /** Run in the page before its own scripts. */
  before?: string;
  /** Time passes when the test says so, and else by itself. */
  hasOwnClock?: true;
  /** What becomes of the script of the element. */
  script?: 'is_lost' | 'hangs';
  /** Nothing was read aloud before, or the focus is where something is missing. */
  leavesFocus?: true;
  act?: (page: Page, asked: AskedSession) => Promise<void>;
}

export async function press(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: label, exact: true }).click();
}

/** What the element tells the page. */
export async function tell(page: Page, name: string, detail: unknown): Promise<void> {
  await page.evaluate(`document.querySelector('liveness-check').tell('${name}', ${JSON.stringify(detail)})`);
}

export async function untilHeading(page: Page, heading: string): Promise<void> {
  const title = page.getByRole('heading', { level: 1 });
  try {
    await title.and(page.getByText(heading, { exact: true })).waitFor({ timeout: 20_000 });
  } catch (error) {
    throw new Error(`the page says "${await title.textContent()}", not "${heading}"`, { cause: error });
  }
}

export async function startCapture(page: Page): Promise<void> {
  await press(page, 'Start the camera');
  await untilHeading(page, 'Show your face');
}

const failing =
  (code: string, retryable = true) =>
  async (page: Page) => {
    await startCapture(page);
    await tell(page, 'error', { code, message: 'In the words of the element.', retryable });
  };

/** The element has its verdict on the last attempt so far, and this is what the session has become of it. */
function judged(parts: Partial<PageSession> & { attempts: number }, advice: string[] = []) {
  const before = parts.attempts - 1;
  const session: Partial<PageSession> = before > 0 ? { state: 'in_progress', attempts: before, verdict: 'fake' } : {};
  return {
    session,
    async act(page: Page, asked: AskedSession): Promise<void> {
      await startCapture(page);
      Object.assign(asked.session, parts);
      const { verdict, attempts: attempt } = parts;
      await tell(page, 'result', { verdict, score: 50, warning: null, session_id: asked.id, attempt, advice });
    },
  };
}

async function startSending(page: Page): Promise<void> {
  await startCapture(page);
  await tell(page, 'state', { state: 'sending' });
  await page.getByText('The pictures are being checked.').waitFor();
}

const NO_MEDIA = 'delete Navigator.prototype.mediaDevices;';
const INSECURE = `Object.defineProperty(window, 'isSecureContext', { value: false });`;
const REQUEST = 'Confirm that it is you';
const ADVICE = ['Add light in front of the face.', 'Move the head a little, blink, or say a word.'];

export const SCENES: readonly Scene[] = [
  { name: 'ready', heading: REQUEST },
  { name: 'ready with a choice', heading: REQUEST, session: { asks_consent: true } },
  {
    name: 'ready, the choice is missing',
    heading: REQUEST,
    session: { asks_consent: true, require_user_match: true },
    leavesFocus: true,
    act: (page) => press(page, 'Start the camera'),
  },
  { name: 'ready again', heading: REQUEST, session: { state: 'in_progress', attempts: 1, verdict: 'fake' } },
  { name: 'opening', heading: 'Opening your link…', mood: { kind: 'hangs' }, leavesFocus: true },
  {
    name: 'beginning',
    heading: 'Getting ready…',
    act: async (page, asked) => {
      await untilHeading(page, REQUEST);
      asked.mood = { kind: 'hangs' };
      await press(page, 'Start the camera');
    },
  },
  { name: 'capturing', heading: 'Show your face', act: startCapture },
  { name: 'sending', heading: 'Checking…', act: startSending },
  {
    name: 'sending, for long',
    heading: 'Checking…',
    hasOwnClock: true,
    act: async (page) => {
      await startSending(page);
      await page.clock.runFor(21_000);
      await page.getByText('This takes longer than usual').first().waitFor();
    },
  },
  {
    name: 'settling',
    heading: 'Reading the result…',
    act: async (page, asked) => {
      await startCapture(page);
      asked.mood = { kind: 'hangs' };
      await tell(page, 'result', { verdict: 'live', score: 50, warning: null, advice: [] });
    },
  },
  { name: 'confirmed', heading: 'Confirmed', ...judged({ state: 'completed', attempts: 1, verdict: 'live' }) },
  {
    name: 'not confirmed',
    heading: 'Not confirmed yet',
    ...judged({ attempts: 1, verdict: 'fake' }, ADVICE),
  },
  { name: 'not recognised', heading: 'Not confirmed yet', ...judged({ attempts: 2, verdict: 'live' }) },
  {
    name: 'failed',
    heading: 'Not confirmed',
    ...judged({ state: 'failed', attempts: 3, verdict: 'fake', failure_reason: 'not_live' }, ADVICE),
  },
  {
    name: 'failed, somebody else',
    heading: 'Not confirmed',
    ...judged({ state: 'failed', attempts: 3, verdict: 'live', failure_reason: 'user_mismatch' }),
  },
  { name: 'used', heading: 'Already confirmed', session: { state: 'completed', attempts: 1, verdict: 'live' } },
  {
    name: 'used up',
    heading: 'Not confirmed',
    session: { state: 'failed', attempts: 3, verdict: 'fake', failure_reason: 'not_live' },
  },
  { name: 'expired', heading: 'This link has expired', session: { state: 'expired' } },
  { name: 'cancelled', heading: 'No longer needed', session: { state: 'cancelled' } },
  { name: 'no token', heading: 'This link is not complete', hasNoToken: true },
  {
    name: 'wrong token',
    heading: 'This link does not work',
    mood: { kind: 'refuses', status: 401, code: 'invalid_key' },
  },
  {
    name: 'expired token',
    heading: 'This link has expired',
    mood: { kind: 'refuses', status: 401, code: 'token_expired' },
  },
  {
    name: 'token of another session',
    heading: 'This link does not work',
    mood: { kind: 'refuses', status: 403, code: 'session_token_mismatch' },
  },
  { name: 'no connection', heading: 'No connection', mood: { kind: 'is_lost' } },
  {
    name: 'server error',
    heading: 'Something went wrong',
    mood: { kind: 'refuses', status: 500, code: 'internal_error' },
  },
  {
    name: 'too many requests',
    heading: 'Too many requests',
    mood: { kind: 'refuses', status: 429, code: 'rate_limit_exceeded', retryAfterSeconds: 30 },
  },
  {
    name: 'suspended',
    heading: 'Not available at the moment',
    mood: { kind: 'refuses', status: 402, code: 'account_suspended' },
  },
  { name: 'insecure', heading: 'This connection is not secure', before: INSECURE },
  { name: 'no camera in this browser', heading: 'This browser cannot do it', before: NO_MEDIA },
  { name: 'camera denied', heading: 'The camera is not allowed', act: failing('camera_denied') },
  { name: 'no camera', heading: 'No camera found', act: failing('camera_missing') },
  { name: 'camera in use', heading: 'The camera is in use', act: failing('camera_busy') },
  { name: 'not supported', heading: 'This browser cannot do it', act: failing('not_supported', false) },
  { name: 'a part of the page missing', heading: 'The page did not load completely', script: 'is_lost' },
  {
    name: 'a part of the page still missing at the start',
    heading: 'The page did not load completely',
    script: 'hangs',
    act: (page) => press(page, 'Start the camera'),
  },
  { name: 'weights missing', heading: 'The page did not load completely', act: failing('weights_failed') },
  { name: 'connection lost', heading: 'No connection', act: failing('network') },
  { name: 'recording refused', heading: 'The recording could not be used', act: failing('rejected', false) },
  { name: 'expired on the way', heading: 'This link has expired', act: failing('token_expired', false) },
];

/** One of them, begun with another session. */
export function sceneOf(name: string, session?: Partial<PageSession>): Scene {
  const found = SCENES.find((known) => known.name === name);
  if (found === undefined) throw new Error(`no scene ${name}`);
  return session === undefined ? found : { ...found, session };
}

/** Asks for what the scene begins with, and leads the page to its state. */
export async function playScene(page: Page, site: VerifySite, scene: Scene): Promise<AskedSession> {
  const { session, mood, before, hasOwnClock, script, hasNoToken, act } = scene;
  const asked = site.ask(session);
  if (mood !== undefined) asked.mood = mood;
  if (hasOwnClock) await page.clock.install();
  if (before !== undefined) await page.addInitScript(before);
  if (script !== undefined) {
    await page.route('**/liveness-check.js', async (route) => {
      if (script === 'is_lost') await route.abort();
    });
  }
  await page.goto(hasNoToken ? asked.link.replace(/#.*/, '') : asked.link);
  await act?.(page, asked);
  return asked;
}
