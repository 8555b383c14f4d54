import { expect, test } from 'vitest';
import { certificates, credentials } from './npm-options.ts';

test('takes the lines of a registry out of an .npmrc, and nothing else', () => {
  const npmrc =
    'fund=false\n; //ignored.test/:_authToken=no\n//registry.test/:_authToken=abc\r\n //other.test/a/:username = "me"\n';
  expect(credentials(npmrc, {})).toEqual({
    '//registry.test/:_authToken': 'abc',
    '//other.test/a/:username': 'me',
  });
});

test('fills in environment variables, and leaves one that is not set as written', () => {
  const template = (name: string) => `$\{${name}}`;
  const npmrc = `//a.test/:_authToken=${template('TOKEN')}\n//b.test/:_authToken=${template('NONE')}\n`;
  expect(credentials(npmrc, { TOKEN: 'secret' })).toEqual({
    '//a.test/:_authToken': 'secret',
    '//b.test/:_authToken': template('NONE'),
  });
});

test('splits a bundle into its certificates', () => {
  const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;
  expect(certificates(`# one\n${certificate('AA')}\n\n# two\n${certificate('BB')}\n`)).toEqual([
    certificate('AA'),
    certificate('BB'),
  ]);
  expect(certificates('nothing here')).toEqual([]);
});
