import { expect, it } from 'vitest';
import { savesData } from './saves-data.ts';

it.each([
  [{ connection: { saveData: true } }, true],
  [{ connection: { saveData: false } }, false],
  [{ connection: {} }, false],
  [{}, false],
])('of %o it says %s', (browser, expected) => {
  expect(savesData(browser)).toBe(expected);
});
