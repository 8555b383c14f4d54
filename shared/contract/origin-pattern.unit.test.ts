import { describe, expect, it } from 'vitest';
import { canonicalOriginPattern, patternsAllowing } from './origin-pattern.ts';

describe('canonicalOriginPattern', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['HTTPS://APP.Example.COM/', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is kept as %s', (text, pattern) => {
    expect(canonicalOriginPattern(text)).toBe(pattern);
  });

  it.each([
    '*',
    'null',
    '',
    'https://',
    'https://*',
    'https://*.',
    'https://*.com',
    'https://*.*.example.com',
    'https://a.*.example.com',
    'https://*example.com',
    'https://*.10.0.0.1',
    'http://app.example.com',
    'http://*.localhost',
    'ftp://app.example.com',
    'https://app.example.com/path',
    'https://app.example.com?query',
    'https://user@app.example.com',
    'https://user:pass@app.example.com',
    'app.example.com',
    'javascript:alert(1)',
    'https://app.example.com\\@evil.com',
    'https://app.example.com evil.com',
    'https://*.com.',
    'https://example.com.',
    'https://a..example.com',
    'https://%2a.com',
    'https://＊.net',
    `https://${'a.'.repeat(200)}com`,
    `https://${'a.'.repeat(40)}com`,
  ])('%s is none', (text) => {
    expect(canonicalOriginPattern(text)).toBeNull();
  });
});

describe('patternsAllowing', () => {
  it('asks for the origin and for a wildcard on each of its parents', () => {
    expect(patternsAllowing('https://a.b.example.com')).toEqual([
      'https://a.b.example.com',
      'https://*.b.example.com',
      'https://*.example.com',
    ]);
    expect(patternsAllowing('https://a.example.com:8443')).toEqual([
      'https://a.example.com:8443',
      'https://*.example.com:8443',
    ]);
    expect(patternsAllowing('http://localhost:3000')).toEqual(['http://localhost:3000']);
  });

  it('asks for nothing when the origin is not one that a browser sends', () => {
    const endless = `https://${'a.'.repeat(100_000)}com`;
    const manyLabels = `https://${'a.'.repeat(40)}com`;
    for (const origin of [
      endless,
      manyLabels,
      'null',
      '',
      'https://*.example.com',
      'https://EXAMPLE.com',
      'https://a.example.com/',
    ]) {
      expect(patternsAllowing(origin)).toEqual([]);
    }
  });
});
