import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LOCAL_FACE_DATA_KEY, readFaceDataKey } from '../../workers/gallery/store/face-data-key.ts';
import { LOCAL_SESSION_DATA_KEY, readSessionDataKey } from '../../workers/sessions/session-data-key.ts';

const bytes = randomBytes(32);
const key = bytes.toString('base64');

describe.each([
  { name: 'FACE_DATA_KEY', read: readFaceDataKey, local: LOCAL_FACE_DATA_KEY, whatIsRead: bytes },
  { name: 'SESSION_DATA_KEY', read: readSessionDataKey, local: LOCAL_SESSION_DATA_KEY, whatIsRead: key },
])('$name', ({ name, read, local, whatIsRead }) => {
  it('is 32 bytes in base64', () => {
    expect(read({ [name]: key })).toEqual(whatIsRead);
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
    const refused = () => read(value === undefined ? {} : { [name]: value });
    expect(refused).toThrow(new RegExp(`^${name} .*openssl rand -base64 32`));
    if (value) expect(refused).not.toThrow(value.trim());
  });

  it('is not the local one, but in development', () => {
    expect(read({ [name]: local, ENVIRONMENT: 'development' })).toHaveLength(whatIsRead.length);
    for (const env of [{}, { ENVIRONMENT: 'production' }]) {
      expect(() => read({ ...env, [name]: local })).toThrow(new RegExp(`^${name} is the local one`));
    }
  });
});
