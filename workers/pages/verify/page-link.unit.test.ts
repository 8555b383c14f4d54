import { describe, expect, it } from 'vitest';
import { choosePageLanguage } from './page-language.ts';
import { parsePageLink } from './page-link.ts';

const ID = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
const PATH = `/verify/${ID}`;

describe('parsePageLink', () => {
  it.each([
    [PATH, '#token=vst_a.b-c_d'],
    [`${PATH}/`, '#token=vst_a.b-c_d'],
    [PATH.toUpperCase().replace('/VERIFY', '/verify'), '#token=vst_a.b-c_d&utm=1'],
    [PATH, '#token=%20vst_a.b-c_d%0A'],
  ])('reads %s%s', (pathname, hash) => {
    expect(parsePageLink({ pathname, hash })).toEqual({ sessionId: ID, token: 'vst_a.b-c_d' });
  });

  it.each([
    [PATH, ''],
    [PATH, '#'],
    [PATH, '#token='],
    [PATH, '#vst_a'],
    [PATH, '#token=vst a'],
    [PATH, '#token=vst_%0D%0AX-Other: 1'],
    [PATH, '#token=vst_ñ'],
    [PATH, `#token=${'a'.repeat(2049)}`],
    ['/verify/', '#token=vst_a'],
    ['/verify/0199', '#token=vst_a'],
    [`${PATH}0`, '#token=vst_a'],
    [`/other${PATH}`, '#token=vst_a'],
  ])('finds no link in %s%s', (pathname, hash) => {
    expect(parsePageLink({ pathname, hash })).toBeNull();
  });
});

describe('choosePageLanguage', () => {
  it.each([
    ['?lang=es', ['en'], 'es'],
    ['?lang=en', ['es'], 'en'],
    ['?lang=ES-mx', [], 'es'],
    ['?lang=fr', ['es-AR', 'en'], 'es'],
    ['', ['fr', 'es', 'en'], 'es'],
    ['', ['de', 'fr'], 'en'],
    ['', ['est'], 'en'],
    ['?lang=', [], 'en'],
  ])('%s with %o gives %s', (search, preferred, language) => {
    expect(choosePageLanguage({ search, preferred })).toBe(language);
  });
});
