import type { Language } from '../../languages.ts';
import { timeLeft } from '../countdown.ts';
import type { Messages } from '../messages.ts';
import type { Button, Screen } from '../screen.ts';
import { makeElement } from './make-element.ts';
import { CONSENT_ID, markMissing, renderBlock, TIME_LEFT_ID } from './render-block.ts';

export type Pressed = Exclude<Button['press'], { kind: 'start' }> | { kind: 'start_pressed'; agrees: boolean };

/** Puts screens on the page. What does not change is not touched, so that neither focus nor reading place is lost. */
export class PageView {
  readonly captureSlot = part('capture');
  readonly #siteName = part('site-name');
  readonly #heading = part('heading');
  readonly #body = part('body');
  readonly #buttons = part('buttons');
  readonly #announcer = part('announcer');
  readonly #onPress: (pressed: Pressed) => void;
  #name = 'opening';
  /** Of this visit: who stops the camera and starts it anew need not choose again. */
  #agrees = false;
  /** They wanted to go on without agreeing, where that does not do. */
  #lacksConsent = false;
  /** Until when a button holds back, whichever language it speaks meanwhile. */
  #heldBackUntilMs = 0;
  #shown = '';
  readonly #filled = new Map<HTMLElement, string>();

  constructor(onPress: (pressed: Pressed) => void) {
    this.#onPress = onPress;
  }

  show(screen: Screen, language: Language, messages: Messages): void {
    const shown = JSON.stringify([screen, language]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const isAnother = screen.name !== this.#name;
    this.#name = screen.name;
    if (isAnother) this.#heldBackUntilMs = Date.now() + 1000 * Math.max(0, ...screen.buttons.map(waitOf));
    // What was said is said; to stand there in another language helps nobody.
    if (document.documentElement.lang !== language) this.announce('');
    document.documentElement.lang = language;
    document.title = `${screen.heading} · ${messages.pageTitle}`;
    document.body.dataset.tone = screen.tone;
    this.#siteName.textContent = messages.siteName;
    this.#heading.textContent = screen.heading;
    this.captureSlot.hidden = !screen.showsCapture;
    this.#fill(this.#body, screen.blocks, renderBlock);
    this.#fill(this.#buttons, screen.buttons, (button) => this.#makeButton(button, messages));
    const box = consentBox();
    if (box !== null) this.#keepChoice(box);
    if (isAnother) this.#heading.focus();
  }

  askConsent(): void {
    this.#lacksConsent = true;
    const box = consentBox();
    if (box === null) return;
    markMissing(box, true);
    box.focus();
  }

  showTimeLeft(totalSeconds: number, messages: Messages): void {
    const line = document.getElementById(TIME_LEFT_ID);
    const { minutes, seconds } = timeLeft(totalSeconds);
    const words = messages.timeLeft.shown(minutes, seconds);
    if (line !== null && line.textContent !== words) line.textContent = words;
  }

  announce(words: string): void {
    this.#announcer.textContent = words;
  }

  #fill<Item>(part: HTMLElement, items: readonly Item[], make: (item: Item) => HTMLElement): void {
    const filling = JSON.stringify(items);
    if (this.#filled.get(part) === filling) return;
    this.#filled.set(part, filling);
    const hadFocus = part.contains(document.activeElement);
    part.replaceChildren(...items.map(make));
    // What had the focus is gone; nobody shall have to begin at the top of the page.
    if (hadFocus) this.#heading.focus();
  }

  #keepChoice(box: HTMLInputElement): void {
    box.checked = this.#agrees;
    markMissing(box, this.#lacksConsent);
    box.onchange = () => {
      this.#agrees = box.checked;
      if (!box.checked) return;
      this.#lacksConsent = false;
      markMissing(box, false);
    };
  }

  #makeButton({ label, isPrimary, press }: Button, messages: Messages): HTMLButtonElement {
    const button = makeElement('button', {
      className: isPrimary ? 'primary' : 'secondary',
      text: label,
      attributes: { type: 'button' },
    });
    button.addEventListener('click', () =>
      this.#onPress(press.kind === 'start' ? { kind: 'start_pressed', agrees: this.#agrees } : press),
    );
    holdBack(button, { label, untilMs: this.#heldBackUntilMs, messages });
    return button;
  }
}

interface HeldBack {
  label: string;
  untilMs: number;
  messages: Messages;
}

function holdBack(button: HTMLButtonElement, { label, untilMs, messages }: HeldBack): void {
  const show = () => {
    const left = Math.ceil((untilMs - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? messages.buttons.waiting(left) : label;
    return left > 0;
  };
  if (!show()) return;
  const timer = setInterval(() => {
    if (!show() || !button.isConnected) clearInterval(timer);
  }, 1000);
}

function waitOf({ waitSeconds }: Button): number {
  return waitSeconds;
}

function consentBox(): HTMLInputElement | null {
  const found = document.getElementById(CONSENT_ID);
  return found instanceof HTMLInputElement ? found : null;
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
