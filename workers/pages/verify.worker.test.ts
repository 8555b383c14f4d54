import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';

const ORIGIN = 'https://api.example.test';
const PAGE = '/verify/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
const EMBED = '/embed/liveness-check.js';

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return env.PAGES.fetch(`${ORIGIN}${path}`, { redirect: 'manual', ...init });
}

async function assetPaths(): Promise<string[]> {
  const html = await (await get(PAGE)).text();
  return [...new Set(html.match(/\/assets\/[^"]+/g))];
}

async function captureFolder(): Promise<string> {
  const module = await (await get(EMBED)).text();
  const folder = /^export \* from '(\/assets\/capture-[0-9a-f]{12})\/liveness-check\.js';\n$/.exec(module)?.[1];
  if (folder === undefined) throw new Error(`the embed names no element: ${module}`);
  return folder;
}

function policyOf(response: Response): Record<string, string> {
  const policy = response.headers.get('content-security-policy') ?? '';
  return Object.fromEntries(
    policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  );
}

const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

describe('the verification page', () => {
  it.each([PAGE, `${PAGE}/`, `${PAGE}?lang=es`, PAGE.replace('aaaa', 'AAAA')])('is served at %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('may use the camera and nothing of another origin, and is kept nowhere', async () => {
    const response = await get(PAGE);
    expect(policyOf(response)).toEqual(POLICY);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('holds nothing inline, and names files that are all there', async () => {
    const html = await (await get(PAGE)).text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|\{\{/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const paths = await assetPaths();
    expect(paths.map((path) => path.split('/').at(-1)).sort()).toEqual([
      'icon.svg',
      'liveness-check.js',
      'verify.css',
      'verify.js',
    ]);
    for (const path of paths) {
      const response = await get(path);
      expect.soft({ path, status: response.status }).toEqual({ path, status: 200 });
      expect.soft(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      await response.body?.cancel();
    }
  });

  it.each([
    '/verify',
    '/verify/',
    '/verify.html',
    '/verify/0199',
    `${PAGE}0`,
    `${PAGE}/more`,
    `/verify/..%2fdocs`,
    '/embed',
    '/embed/',
    '/embed/other.js',
    `${EMBED}/`,
    '/assets/capture-000000000000/liveness-check.js',
  ])('is not at %s', async (path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([404, 'Not found\n']);
  });

  it('is for reading only', async () => {
    const response = await get(PAGE, { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the element', () => {
  it.each([
    ['liveness-check.js', 'text/javascript; charset=utf-8'],
    ['find-face.js', 'text/javascript; charset=utf-8'],
    ['face-detector.onnx', 'application/octet-stream'],
    ['ort-wasm-simd-threaded.wasm', 'application/wasm'],
  ])('brings %s as %s, for any origin, under the policy of the page', async (name, contentType) => {
    const response = await get(`${await captureFolder()}/${name}`);
    expect(response.status).toBe(200);
    expect(policyOf(response)).toEqual(POLICY);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  });

  it('has an address that stays, for a short time, for any origin', async () => {
    const response = await get(EMBED);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(await assetPaths()).toContain(`${await captureFolder()}/liveness-check.js`);
  });

  it('opens nothing else to other origins', async () => {
    const own = (await assetPaths()).filter((path) => !path.includes('/capture-'));
    expect(own).toHaveLength(3);
    for (const path of [...own, '/docs']) {
      const response = await get(path);
      expect.soft(response.headers.has('access-control-allow-origin'), path).toBe(false);
      expect.soft(response.headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      await response.body?.cancel();
    }
  });
});
