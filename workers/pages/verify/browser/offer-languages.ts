import { LANGUAGES, type Language } from '../../languages.ts';
import { MESSAGES } from '../messages.ts';
import { makeElement } from './make-element.ts';

/** The switch between languages. The choice stays in the address, so that a reload keeps it. */
export function offerLanguages(current: Language, onChoice: (language: Language) => void): void {
  const nav = document.getElementById('languages');
  const buttons = LANGUAGES.map((language) => {
    const attributes = { type: 'button', lang: language };
    const button = makeElement('button', { text: MESSAGES[language].languageName, attributes });
    button.addEventListener('click', () => {
      const url = new URL(location.href);
      url.searchParams.set('lang', language);
      history.replaceState(null, '', url);
      mark(language);
      onChoice(language);
    });
    return { language, button };
  });
  const mark = (chosen: Language) => {
    nav?.setAttribute('aria-label', MESSAGES[chosen].languageSwitch);
    for (const { language, button } of buttons) button.setAttribute('aria-pressed', String(language === chosen));
  };
  mark(current);
  nav?.replaceChildren(...buttons.map(({ button }) => button));
}
