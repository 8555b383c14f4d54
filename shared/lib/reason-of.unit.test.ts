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

it('ends where the values of a query begin, also when RPC has lost the cause', () => {
  const { message } = new DrizzleQueryError('update "users" set "name" = ?', ['Ada'], new Error('gone'));
  expect(message).toContain('Ada');
  expect(reasonOf(new Error(message))).toBe('Error: Failed query: update "users" set "name" = ?');
});

it.each([
  ['vst_abc.DEF-9 is over', 'vst_... is over'],
  ['whsec_aB3+/= does not open', 'whsec_... does not open'],
  ['key sk-live-1234', 'key sk-...'],
  ['Authorization: Bearer 12.ab~3', 'Authorization: Bearer ...'],
  ['signed eyJhbGci.eyJzdWIi.c2ln wrongly', 'signed JWT wrongly'],
  ['cannot reach https://me:pass@example.com/hooks/T0/secret?key=1#x now', 'cannot reach https://example.com now'],
])('leaves secrets out: %s', (message, said) => {
  expect(reasonOf(new Error(message))).toBe(`Error: ${said}`);
});

it('is short', () => {
  expect(reasonOf(new Error('x'.repeat(10_000))).length).toBeLessThan(400);
});
