import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvalidEnvironment, readSettings } from './env.ts';
import { VERSION } from './version.ts';

const problemsOf = (env: object): string => {
  try {
    readSettings(env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEnvironment);
    return (error as Error).message;
  }
};

it('is of the version that the package says', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

describe('the environment', () => {
  it('needs nothing, and is production when it does not say', () => {
    expect(readSettings({})).toEqual({
      environment: 'production',
      appToken: null,
      apiTokenSecret: null,
      docsCredentials: null,
      publicOrigin: null,
      redis: null,
    });
  });

  it('is read whole', () => {
    const env = {
      ENVIRONMENT: 'development',
      APP_TO_APP_TOKEN: 'local-app-token',
      API_TOKEN_SECRET: 'a-secret-of-more-than-32-characters',
      DOCS_BASIC_AUTH: 'reader:with:colons',
      UPSTASH_REDIS_REST_URL: 'http://localhost:1234',
      UPSTASH_REDIS_REST_TOKEN: 'token',
      DB: {},
      PUBLIC_ORIGIN: 'https://api.example.com',
    };
    expect(readSettings(env)).toEqual({
      environment: 'development',
      appToken: 'local-app-token',
      apiTokenSecret: 'a-secret-of-more-than-32-characters',
      docsCredentials: { username: 'reader', password: 'with:colons' },
      publicOrigin: 'https://api.example.com',
      redis: { url: 'http://localhost:1234', token: 'token' },
    });
  });

  it('takes an empty value for none', () => {
    expect(readSettings({ DOCS_BASIC_AUTH: '', APP_TO_APP_TOKEN: ' ' })).toMatchObject({
      appToken: null,
      docsCredentials: null,
    });
  });

  it.each([
    [{ ENVIRONMENT: 'staging' }, 'ENVIRONMENT: '],
    [{ DOCS_BASIC_AUTH: 'no-colon' }, 'DOCS_BASIC_AUTH: must read user:password'],
    [{ APP_TO_APP_TOKEN: 'short' }, 'APP_TO_APP_TOKEN: needs at least 12 characters'],
    [{ APP_TO_APP_TOKEN: 'local-app-token' }, 'APP_TO_APP_TOKEN: is the local one'],
    [{ API_TOKEN_SECRET: 'short' }, 'API_TOKEN_SECRET: needs at least 32 characters'],
    [{ API_TOKEN_SECRET: 'local-api-token-secret-known-to-everybody' }, 'API_TOKEN_SECRET: is the local one'],
    [
      { UPSTASH_REDIS_REST_URL: 'redis.example.com', UPSTASH_REDIS_REST_TOKEN: 'x' },
      'UPSTASH_REDIS_REST_URL: must be the URL',
    ],
    [
      { UPSTASH_REDIS_REST_URL: 'http://redis.example.com', UPSTASH_REDIS_REST_TOKEN: 'x' },
      'UPSTASH_REDIS_REST_URL: must be https',
    ],
    [{ UPSTASH_REDIS_REST_URL: 'https://redis.example.com' }, 'UPSTASH_REDIS_REST_TOKEN: is required with'],
    [{ UPSTASH_REDIS_REST_TOKEN: 'x' }, 'UPSTASH_REDIS_REST_URL: is required with'],
  ])('%o is refused, by name', (env, problem) => {
    expect(problemsOf(env)).toContain(problem);
  });

  it('never shows a value', () => {
    expect(problemsOf({ DOCS_BASIC_AUTH: 'hunter2', APP_TO_APP_TOKEN: 'hunter2' })).not.toContain('hunter2');
  });
});
