import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LOCAL_FACE_DATA_KEY, readFaceDataKey } from './face-data-key.ts';

const bytes = randomBytes(32);
const key = bytes.toString('base64');

describe('FACE_DATA_KEY', () => {
  it('is 32 bytes in base64', () => {
    expect(readFaceDataKey({ FACE_DATA_KEY: key })).toEqual(bytes);
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
    const refused = () => readFaceDataKey(value === undefined ? {} : { FACE_DATA_KEY: value });
    expect(refused).toThrow(/^FACE_DATA_KEY .*openssl rand -base64 32/);
    if (value) expect(refused).not.toThrow(value.trim());
  });

  it('is not the local one, but in development', () => {
    const local = { FACE_DATA_KEY: LOCAL_FACE_DATA_KEY };
    expect(readFaceDataKey({ ...local, ENVIRONMENT: 'development' })).toHaveLength(32);
    for (const env of [local, { ...local, ENVIRONMENT: 'production' }]) {
      expect(() => readFaceDataKey(env)).toThrow(/^FACE_DATA_KEY is the local one/);
    }
  });
});
