import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { CreateKeyBody } from './keys.ts';
import { ActionDescription, UserIdentifier } from './sessions.ts';
import { CreateWebhookBody } from './webhooks.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const texts = {
  'an action': (text: string) => takes(ActionDescription, text),
  'the name of a key': (text: string) => takes(CreateKeyBody, { name: text }),
  'the description of a webhook': (text: string) =>
    takes(CreateWebhookBody, { url: 'https://example.com/', description: text }),
  'a user identifier': (text: string) => takes(UserIdentifier, text),
};
const FOR_PEOPLE = ['an action', 'the name of a key', 'the description of a webhook'] as const;

describe.each(Object.entries(texts))('%s', (_name, isTaken) => {
  it.each(['Pay 2,400 €', 'Überweisung', 'العربية', 'हिन्दी', '支払う', '👩‍👧', 'x', '...', '-'])(
    'may be %s',
    (text) => {
      expect(isTaken(text)).toBe(true);
    },
  );

  it.each([
    ['a control character', '\u0000'],
    ['an escape', '\u001b'],
    ['half a surrogate pair', '\ud800'],
    ['a separator of lines', '\u2028'],
    ['a separator of paragraphs', '\u2029'],
    ['a space without width', '\u200b'],
    ['a mark from left to right', '\u200e'],
    ['a mark from right to left', '\u200f'],
    ['an Arabic mark', '\u061c'],
    ['an override of direction', '\u202e'],
    ['an isolate', '\u2066'],
  ])('holds no %s', (_what, unfit) => {
    expect(isTaken(`Pay${unfit}me`)).toBe(false);
  });
});

it.each(FOR_PEOPLE)('%s holds something that can be seen', (name) => {
  for (const unseen of ['\u00ad', '\u2060\u2060', '\u034f', '\u200d']) expect(texts[name](unseen)).toBe(false);
  expect(texts[name]('\u2060x')).toBe(true);
});

it('an action may have lines', () => {
  expect(takes(ActionDescription, 'Pay Ana\n2,400 euros')).toBe(true);
});

it('a webhook need not be described', () => {
  for (const description of ['', null]) {
    expect(takes(CreateWebhookBody, { url: 'https://example.com/', description })).toBe(true);
  }
});

it.each(['.', '..'])('a user is not called %s, whom no address could name', (text) => {
  expect(new URL(`https://example.com/users/${encodeURIComponent(text)}`).pathname).not.toBe(`/users/${text}`);
  expect(takes(UserIdentifier, text)).toBe(false);
});

it.each(['a.', '.a', '...', '%2e', 'a/../b'])('a user may be called %s: an address keeps it', (text) => {
  expect(new URL(`https://example.com/users/${encodeURIComponent(text)}`).pathname).toBe(
    `/users/${encodeURIComponent(text)}`,
  );
  expect(takes(UserIdentifier, text)).toBe(true);
});
