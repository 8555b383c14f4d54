import { expect, it } from 'vitest';
import { checkPublicUrl } from './public-url.ts';

function problemOf(text: string): string | null {
  const check = checkPublicUrl(text);
  return check.ok ? null : check.problem;
}

it.each([
  [
    'https://films.example.com/a/film.mp4?X-Amz-Signature=abc#t=1',
    'https://films.example.com/a/film.mp4?X-Amz-Signature=abc#t=1',
  ],
  ['HTTPS://FILMS.Example.COM:443/A', 'https://films.example.com/A'],
  [' https:\\\\films.example.com\\a\n', 'https://films.example.com/a'],
  ['https://my_bucket.s3.amazonaws.com/film.mp4', 'https://my_bucket.s3.amazonaws.com/film.mp4'],
  ['https://bücher.example/film', 'https://xn--bcher-kva.example/film'],
  ['https://93.184.215.14/film.mp4', 'https://93.184.215.14/film.mp4'],
  ['https://[2606:4700:4700::1111]/film.mp4', 'https://[2606:4700:4700::1111]/film.mp4'],
  ['https://10.0.0.1.example.com/film.mp4', 'https://10.0.0.1.example.com/film.mp4'],
  ['https://localhost.example.com/', 'https://localhost.example.com/'],
  ['https://notlocal.example.com/', 'https://notlocal.example.com/'],
  ['https://mylocal.homelan/', 'https://mylocal.homelan/'],
])('%j is taken as %s', (text, href) => {
  expect(checkPublicUrl(text)).toMatchObject({ ok: true, url: { href } });
});

it.each([
  'http://films.example.com/film.mp4',
  'ftp://films.example.com/film.mp4',
  'file:///etc/passwd',
  'data:video/mp4;base64,AAAA',
  'blob:https://films.example.com/1',
  'javascript:alert(1)',
  'wss://films.example.com/',
])('%s is not https', (text) => {
  expect(problemOf(text)).toBe('not_https');
});

it.each([
  '',
  'film.mp4',
  '//films.example.com/film.mp4',
  'https://',
  'https://?',
  'https://films example.com/',
  'https://256.256.256.256/',
  'https://1.2.3.4.5/',
  'https://[::1/',
  'https://[fe80::1%25eth0]/',
  'https://user@films.example.com/',
  'https://user:secret@films.example.com/',
  'https://:secret@films.example.com/',
  'https://films.example.com:80/',
  'https://films.example.com:8443/',
  'https://films.example.com:0/',
  'https://films.example.com:99999/',
  `https://films.example.com/${'a'.repeat(2_048)}`,
  `https://films.example.com/${'é'.repeat(1_000)}`,
])('%.60j is no URL that is taken', (text) => {
  expect(problemOf(text)).toBe('invalid_url');
});

it('takes 2048 characters, and no more', () => {
  const start = 'https://films.example.com/';
  expect(problemOf(start + 'a'.repeat(2_048 - start.length))).toBeNull();
  expect(problemOf(start + 'a'.repeat(2_049 - start.length))).toBe('invalid_url');
  expect(problemOf(`${start}${'../'.repeat(1_000)}`)).toBe('invalid_url');
});

it.each([
  ['loopback', 'https://127.0.0.1/'],
  ['in decimal', 'https://2130706433/'],
  ['in hex', 'https://0x7f000001/'],
  ['in hex, dotted', 'https://0x7f.0.0.0x1/'],
  ['in hex, short', 'https://0x7f.1/'],
  ['in octal', 'https://017700000001/'],
  ['in octal, dotted', 'https://0177.0.0.01/'],
  ['short', 'https://127.1/'],
  ['with a dot at the end', 'https://127.0.0.1./'],
  ['in full-width digits', 'https://１２７.０.０.１/'],
  ['in circled digits', 'https://①②⑦.⓪.⓪.①/'],
  ['with ideographic full stops', 'https://127。0。0。1/'],
  ['with escapes', 'https://%31%32%37.0.0.1/'],
  ['zero', 'https://0/'],
  ['all zeros', 'https://0.0.0.0/'],
  ['metadata', 'https://169.254.169.254/latest/meta-data/'],
  ['metadata in decimal', 'https://2852039166/'],
  ['private', 'https://10.1.2.3/'],
  ['behind backslashes', 'https:\\\\10.1.2.3\\film'],
  ['IPv6 loopback', 'https://[::1]/'],
  ['IPv6 unspecified', 'https://[::]/'],
  ['mapped', 'https://[::ffff:127.0.0.1]/'],
  ['mapped in hex', 'https://[::FFFF:7F00:1]/'],
  ['mapped, though public inside', 'https://[::ffff:8.8.8.8]/'],
  ['compatible', 'https://[::127.0.0.1]/'],
  ['NAT64', 'https://[64:ff9b::127.0.0.1]/'],
  ['6to4', 'https://[2002:7f00:1::]/'],
  ['Teredo', 'https://[2001:0:7f00:1::]/'],
  ['unique local', 'https://[fd00:ec2::254]/'],
  ['link-local', 'https://[fe80::1]/'],
])('an address that is not public, %s: %s', (_how, text) => {
  expect(problemOf(text)).toBe('not_public');
});

it.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  'ｌｏｃａｌｈｏｓｔ',
  'films.localhost',
  'printer.local',
  'host.localdomain',
  'metadata.google.internal',
  'METADATA.GOOGLE.INTERNAL.',
  'metadata.goog',
  'router.home.arpa',
  '1.0.0.127.in-addr.arpa',
  'nas.lan',
  'wiki.corp',
  'tv.home',
  'a.intranet',
  'a.private',
  'a.test',
  'a.invalid',
  'a.onion',
  'a.alt',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'metadata',
  'intranet',
  'films.example.com.',
  'films..example.com',
  'films.example.com*',
  `${'a'.repeat(64)}.example.com`,
  `${'a.'.repeat(130)}com`,
])('the name %.40s leads nowhere public', (host) => {
  expect(problemOf(`https://${host}/`)).toBe('not_public');
});

it('says what is wrong in words that follow a field name, and repeats nothing of the URL', () => {
  const messages = [
    'http://a.example.com/secret?sig=secret',
    'https://secret:secret@a.example.com/secret',
    'https://a.example.com:81/secret',
    'https://127.0.0.1/secret',
    'secret',
    `https://a.example.com/${'secret'.repeat(400)}`,
  ].map((text) => {
    const check = checkPublicUrl(text);
    return check.ok ? null : check.message;
  });
  expect(messages).toEqual([
    'must start with https://',
    'must not contain a user name or password',
    'must not name a port other than 443',
    'must name a public host',
    'must be a valid URL',
    'must be at most 2048 characters',
  ]);
});

it('is final: the same text is never taken later', () => {
  expect(checkPublicUrl('https://127.0.0.1/')).toMatchObject({ ok: false, isTransient: false });
});
