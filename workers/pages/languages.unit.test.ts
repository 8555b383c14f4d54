import { expect, test } from 'vitest';
import { firstLanguage } from './languages.ts';

test('the language is the first that we speak', () => {
  expect(firstLanguage(['es-MX', 'en'])).toBe('es');
  expect(firstLanguage([null, 'ES'])).toBe('es');
  expect(firstLanguage(['fr', 'es'])).toBe('es');
  expect(firstLanguage(['fr', '', undefined])).toBe('en');
});
