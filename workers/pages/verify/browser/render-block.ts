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

function renderConsent({ legend, label, notes, problem }: Extract<Block, { kind: 'consent' }>): HTMLElement {
  const notesId = `${CONSENT_ID}-notes`;
  const problemId = `${CONSENT_ID}-problem`;
  const describedBy = problem === null ? notesId : `${problemId} ${notesId}`;
  const box = makeElement('input', {
    attributes: { type: 'checkbox', id: CONSENT_ID, 'aria-describedby': describedBy },
  });
  if (problem !== null) box.setAttribute('aria-invalid', 'true');
  const caption = makeElement('label', {
    attributes: { for: CONSENT_ID },
    children: [box, makeElement('span', { text: label })],
  });
  const told = makeElement('div', {
    className: 'quiet',
    attributes: { id: notesId },
    children: notes.map((text) => makeElement('p', { text })),
  });
  const complaint =
    problem === null ? [] : [makeElement('p', { className: 'problem', text: problem, attributes: { id: problemId } })];
  return makeElement('fieldset', {
    children: [makeElement('legend', { text: legend }), caption, ...complaint, told],
  });
}
