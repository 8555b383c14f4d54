import type { Page } from 'playwright-core';
import type { PageSession } from '../page-session.ts';
import { SESSION_ID } from './make-session.ts';
import { type ApiMood, TOKEN, type VerifySite } from './verify-site.ts';

/** A way to a state of the page, and how its heading then reads. */
export interface Scene {
  name: string;
  heading: string;
  session?: Partial<PageSession>;
  mood?: ApiMood;
  /** What stands after the origin; the link itself if not told. */
  address?: string;
  /** Run in the page before its own scripts. */
  before?: string;
  act?: (page: Page, site: VerifySite) => Promise<void>;
}

export async function press(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: label, exact: true }).click();
}

/** What the element tells the page. */
export async function tell(page: Page, name: string, detail: unknown): Promise<void> {
  await page.evaluate(`document.querySelector('liveness-check').tell('${name}', ${JSON.stringify(detail)})`);
}

export async function untilHeading(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
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

/** The element has its verdict, and this is what the session has become of it. */
const judged =
  (parts: Partial<PageSession>, advice: string[] = []) =>
  async (page: Page, site: VerifySite) => {
    await startCapture(page);
    Object.assign(site.session, parts);
    const detail = { verdict: parts.verdict, score: 50, warning: null, session_id: SESSION_ID, attempt: 1, advice };
    await tell(page, 'result', detail);
  };

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
    act: (page) => press(page, 'Start the camera'),
  },
  { name: 'ready again', heading: REQUEST, session: { state: 'in_progress', attempts: 1, verdict: 'fake' } },
  { name: 'opening', heading: 'Opening your link…', mood: { kind: 'is_slow', delayMs: 20_000 } },
  { name: 'capturing', heading: 'Show your face', act: startCapture },
  {
    name: 'sending',
    heading: 'Checking…',
    act: async (page) => {
      await startCapture(page);
      await tell(page, 'state', { state: 'sending' });
      await page.getByText('The pictures are being checked.').waitFor();
    },
  },
  { name: 'confirmed', heading: 'Confirmed', act: judged({ state: 'completed', attempts: 1, verdict: 'live' }) },
  {
    name: 'not confirmed',
    heading: 'Not confirmed yet',
    act: judged({ attempts: 1, verdict: 'fake' }, ADVICE),
  },
  { name: 'not recognised', heading: 'Not confirmed yet', act: judged({ attempts: 2, verdict: 'live' }) },
  {
    name: 'failed',
    heading: 'Not confirmed',
    act: judged({ state: 'failed', attempts: 3, verdict: 'fake', failure_reason: 'not_live' }, ADVICE),
  },
  {
    name: 'failed, somebody else',
    heading: 'Not confirmed',
    act: judged({ state: 'failed', attempts: 3, verdict: 'live', failure_reason: 'user_mismatch' }),
  },
  { name: 'used', heading: 'Already confirmed', session: { state: 'completed', attempts: 1, verdict: 'live' } },
  {
    name: 'used up',
    heading: 'Not confirmed',
    session: { state: 'failed', attempts: 3, verdict: 'fake', failure_reason: 'not_live' },
  },
  { name: 'expired', heading: 'This link has expired', session: { state: 'expired' } },
  { name: 'cancelled', heading: 'No longer needed', session: { state: 'cancelled' } },
  { name: 'no token', heading: 'This link is not complete', address: `/verify/${SESSION_ID}` },
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
  { name: 'weights missing', heading: 'The page did not load completely', act: failing('weights_failed') },
  { name: 'connection lost', heading: 'No connection', act: failing('network') },
  { name: 'recording refused', heading: 'The recording could not be used', act: failing('rejected', false) },
  { name: 'expired on the way', heading: 'This link has expired', act: failing('token_expired', false) },
];

/** Puts the site and the page where the scene begins, and leads them to its state. */
export async function playScene(page: Page, site: VerifySite, scene: Scene, search = ''): Promise<void> {
  site.reset(scene.session);
  if (scene.mood !== undefined) site.mood = scene.mood;
  if (scene.before !== undefined) await page.addInitScript(scene.before);
  await page.goto(`${site.baseUrl}${scene.address ?? `/verify/${SESSION_ID}${search}#token=${TOKEN}`}`);
  if (scene.act !== undefined) await scene.act(page, site);
}
