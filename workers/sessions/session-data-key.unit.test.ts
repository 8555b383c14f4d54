import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LOCAL_SESSION_DATA_KEY, readSessionDataKey } from './session-data-key.ts';

const bytes = randomBytes(32);
const key = bytes.toString('base64');

describe('SESSION_DATA_KEY', () => {
  it('is 32 bytes in base64', () => {
    expect(readSessionDataKey({ SESSION_DATA_KEY: key })).toBe(key);
  });

  it.each([
    ['not set', undefined],
    ['empty', ''],
    ['too short', randomBytes(31).toString('base64')],
    ['too long', randomBytes(33).toString('base64')],
    ['hex', bytes.toString('hex')],
    ['followed by the end of a line', `${key}\n`],
    ['in the middle of something', ` ${key}`],
    ['with something strange in it', `${key.slice(0, 10)}*${key.slice(10)}`],
  ])('is refused when it is %s, by its name and without its value', (_name, value) => {
    const refused = () => readSessionDataKey(value === undefined ? {} : { SESSION_DATA_KEY: value });
    expect(refused).toThrow(/^SESSION_DATA_KEY .*openssl rand -base64 32/);
    if (value) expect(refused).not.toThrow(value.trim());
  });

  it('is not the local one, but in development', () => {
    const local = { SESSION_DATA_KEY: LOCAL_SESSION_DATA_KEY };
    expect(readSessionDataKey({ ...local, ENVIRONMENT: 'development' })).toBe(LOCAL_SESSION_DATA_KEY);
    for (const env of [local, { ...local, ENVIRONMENT: 'production' }]) {
      expect(() => readSessionDataKey(env)).toThrow(/^SESSION_DATA_KEY is the local one/);
    }
  });
});
