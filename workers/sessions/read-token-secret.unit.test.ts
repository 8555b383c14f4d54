import { expect, it } from 'vitest';
import { LOCAL_VERIFICATION_TOKEN_SECRET, readTokenSecret } from './read-token-secret.ts';

const SECRET = 'a'.repeat(32);

it('takes a secret of its own', () => {
  expect(readTokenSecret({ VERIFICATION_TOKEN_SECRET: SECRET })).toBe(SECRET);
});

it.each([undefined, '', 'a'.repeat(31)])('refuses %j, and does not repeat it', (secret) => {
  const env = secret === undefined ? {} : { VERIFICATION_TOKEN_SECRET: secret };
  expect(() => readTokenSecret(env)).toThrow('VERIFICATION_TOKEN_SECRET must have at least 32 characters');
});

it.each([undefined, 'production'])('refuses the local one where the environment is %j', (environment) => {
  const local = { VERIFICATION_TOKEN_SECRET: LOCAL_VERIFICATION_TOKEN_SECRET };
  const env = environment === undefined ? local : { ...local, ENVIRONMENT: environment };
  expect(() => readTokenSecret(env)).toThrow('is the local one');
  expect(readTokenSecret({ ...local, ENVIRONMENT: 'development' })).toBe(LOCAL_VERIFICATION_TOKEN_SECRET);
});
