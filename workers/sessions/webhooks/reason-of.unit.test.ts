import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, it } from 'vitest';
import { reasonOf } from './reason-of.ts';

it('says what failed without what was to be stored', () => {
  const fromD1 = new Error('D1_ERROR: Network connection lost.');
  const error = new DrizzleQueryError('insert into "webhooks" values (?)', ['https://example.com/?key=secret'], fromD1);
  expect(error.message).toContain('secret');
  expect(reasonOf(error)).toBe('Error: D1_ERROR: Network connection lost.');
});

it('is of use for what is no error of the database', () => {
  expect(reasonOf(new TypeError('not a function'))).toBe('TypeError: not a function');
  expect(reasonOf('thrown')).toBe('unknown');
});
