import type { Block } from '../screen.ts';
import { makeElement } from './make-element.ts';

export const CONSENT_ID = 'consent';
export const TIME_LEFT_ID = 'time-left';

export function renderBlock(block: Block): HTMLElement {
  switch (block.kind) {
    case 'text':
      return makeElement('p', { className: block.look, text: block.text });
    case 'quote':
      // Whichever way it is written: the organisation may write in another script than the page does.
      return makeElement('blockquote', { text: block.text, attributes: { dir: 'auto' } });
    case 'list':
      return renderList(block);
    case 'time_left':
      return makeElement('p', { className: 'quiet', attributes: { id: TIME_LEFT_ID } });
    case 'consent':
      return renderConsent(block);
  }
}

function renderList({ heading, items, isOrdered }: Extract<Block, { kind: 'list' }>): HTMLElement {
  const children = items.map((text) => makeElement('li', { text }));
  const list = makeElement(isOrdered ? 'ol' : 'ul', { children });
  if (heading === null) return list;
  return makeElement('section', { children: [makeElement('h2', { text: heading }), list] });
}

const NOTES_ID = `${CONSENT_ID}-notes`;
const PROBLEM_ID = `${CONSENT_ID}-problem`;

/** With the box that stays in place: whoever has just ticked it loses neither it nor the focus. */
export function markMissing(box: HTMLInputElement, isMissing: boolean): void {
  box.setAttribute('aria-describedby', isMissing ? `${PROBLEM_ID} ${NOTES_ID}` : NOTES_ID);
  if (isMissing) box.setAttribute('aria-invalid', 'true');
  else box.removeAttribute('aria-invalid');
  const complaint = document.getElementById(PROBLEM_ID);
  if (complaint !== null) complaint.hidden = !isMissing;
}

function renderConsent({ legend, label, notes, missing }: Extract<Block, { kind: 'consent' }>): HTMLElement {
  const box = makeElement('input', {
    attributes: { type: 'checkbox', id: CONSENT_ID, 'aria-describedby': NOTES_ID },
  });
  const caption = makeElement('label', {
    attributes: { for: CONSENT_ID },
    children: [box, makeElement('span', { text: label })],
  });
  const told = makeElement('div', {
    className: 'quiet',
    attributes: { id: NOTES_ID },
    children: notes.map((text) => makeElement('p', { text })),
  });
  const complaint = makeElement('p', {
    className: 'problem',
    text: missing,
    attributes: { id: PROBLEM_ID, hidden: '' },
  });
  return makeElement('fieldset', { children: [makeElement('legend', { text: legend }), caption, complaint, told] });
}
