import { expect, test } from 'vitest';
import { LANGUAGES } from '../languages.ts';
import { FAILURES } from './failures.ts';
import { HINTS } from './hints.ts';
import { MESSAGES } from './messages.ts';

test.each(LANGUAGES)('every hint and failure has words of its own in %s', (language) => {
  const { hints, failures } = MESSAGES[language];
  expect(Object.keys(hints).sort()).toEqual([...HINTS].sort());
  expect(Object.keys(failures).sort()).toEqual(Object.keys(FAILURES).sort());
  const texts = [...Object.values(hints), ...Object.values(failures)];
  expect(texts.every((text) => text.length > 5)).toBe(true);
  expect(new Set(texts).size).toBe(texts.length);
});

test('nothing was left in the other language', () => {
  for (const hint of HINTS) expect(MESSAGES.es.hints[hint]).not.toBe(MESSAGES.en.hints[hint]);
  for (const which of ['mirrored', 'plain'] as const) {
    expect(MESSAGES.es.preview[which]).not.toBe(MESSAGES.en.preview[which]);
  }
});
