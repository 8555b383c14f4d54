import type { Language } from '../../languages.ts';
import { missingFeatures } from '../../missing-features.ts';
import { passedMark, secondsLeft } from '../countdown.ts';
import { MESSAGES } from '../messages.ts';
import { choosePageLanguage } from '../page-language.ts';
import { parsePageLink } from '../page-link.ts';
import type { PageEvent, PageState } from '../page-state.ts';
import { screenOf } from '../screen-of.ts';
import { SessionApi } from '../session-api.ts';
import { stepPage } from '../step-page.ts';
import { CaptureHost } from './capture-host.ts';
import { offerLanguages } from './offer-languages.ts';
import { PageView } from './page-view.ts';
import { createEffectRunner } from './run-effects.ts';
import { savesData } from './saves-data.ts';

/** The server may not agree that the time is up; it is asked again after so long. */
const ASK_AGAIN_AFTER_MS = 5000;
/** Its clock is told in whole seconds, cut off. */
const HALF_A_SECOND_MS = 500;
/** Whoever waits for a verdict for so long may want to stop. */
const LONG_SENDING_MS = 20_000;

const link = parsePageLink(location);
const view = new PageView(dispatch);
const capture = new CaptureHost({ slot: view.captureSlot, link, tell: dispatch });
const runEffect = createEffectRunner({
  api: new SessionApi({ link, fetch: (url, init) => fetch(url, init) }),
  capture,
  language: () => language,
  dispatch,
  setServerTime: (serverNowMs) => {
    clockOffsetMs = serverNowMs + HALF_A_SECOND_MS - Date.now();
  },
  askConsent: () => view.askConsent(),
  reload: () => location.reload(),
});

let language: Language = choosePageLanguage({ search: location.search, preferred: navigator.languages });
let state: PageState = { name: 'opening' };
let clockOffsetMs = 0;
let secondsBefore = 0;
let askedAtMs = Number.NEGATIVE_INFINITY;
let sendingSinceMs: number | null = null;
let isCaptureLoaded = false;
let isPrepared = false;

offerLanguages(language, (chosen) => {
  language = chosen;
  capture.speak(chosen);
  show();
});
addEventListener('online', () => dispatch({ kind: 'came_online' }));
// Somebody pastes the rest of a link that was cut off.
addEventListener('hashchange', () => location.reload());
setInterval(tick, 1000);
show();
dispatch({ kind: 'opened', link, isSecure: isSecureContext, isSupported: isSupported() });
void loadCapture();

function dispatch(event: PageEvent): void {
  const step = stepPage(state, event);
  state = step.state;
  show();
  for (const effect of step.effects) runEffect(effect);
  prepareCapture();
}

function show(): void {
  const messages = MESSAGES[language];
  view.show(screenOf(state, messages), language, messages);
  tick();
}

function tick(): void {
  watchSending();
  if (!('session' in state) || state.session === null) return;
  const nowMs = Date.now() + clockOffsetMs;
  const expiresAtMs = Date.parse(state.session.expires_at);
  const seconds = secondsLeft(expiresAtMs, nowMs);
  view.showTimeLeft(seconds, MESSAGES[language]);
  const isOpen = state.name !== 'ended' && state.name !== 'fault';
  const mark = isOpen ? passedMark(secondsBefore, seconds) : null;
  secondsBefore = seconds;
  if (mark !== null) view.announce(MESSAGES[language].timeLeft.announced(seconds));
  if (nowMs < expiresAtMs + HALF_A_SECOND_MS || nowMs - askedAtMs < ASK_AGAIN_AFTER_MS) return;
  askedAtMs = nowMs;
  dispatch({ kind: 'time_is_up' });
}

function watchSending(): void {
  const isSending = state.name === 'capturing' && state.phase === 'sending';
  const sinceMs = isSending ? (sendingSinceMs ?? Date.now()) : null;
  const takesLong = sinceMs !== null && Date.now() - sinceMs >= LONG_SENDING_MS;
  const isKnown = state.name === 'capturing' && state.takesLong;
  sendingSinceMs = sinceMs;
  if (!takesLong || isKnown) return;
  view.announce(MESSAGES[language].capturing.takesLong);
  dispatch({ kind: 'sending_takes_long' });
}

/** The element is small, and there before anybody presses Start; what is heavy it fetches by itself. */
async function loadCapture(): Promise<void> {
  const source = document.querySelector<HTMLLinkElement>('link[rel="modulepreload"]')?.href;
  if (source === undefined) throw new Error('the page does not name its capture element');
  try {
    await import(source);
    isCaptureLoaded = true;
    prepareCapture();
  } catch {
    dispatch({ kind: 'script_failed' });
  }
}

/** While the person reads, and not before they can: the weights are many times the page. */
function prepareCapture(): void {
  if (!isCaptureLoaded || state.name !== 'ready' || isPrepared || savesData(navigator)) return;
  isPrepared = true;
  requestAnimationFrame(() => setTimeout(() => capture.prepare()));
}

function isSupported(): boolean {
  return 'mediaDevices' in navigator && 'customElements' in globalThis && missingFeatures(globalThis).length === 0;
}
