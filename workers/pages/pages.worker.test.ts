import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import worker from './index.ts';

const ORIGIN = 'https://api.example.test';

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return env.PAGES.fetch(`${ORIGIN}${path}`, { redirect: 'manual', ...init });
}

/** The page names its files, so what it names is what must be there. */
async function assetPaths(): Promise<string[]> {
  const html = await (await get('/docs')).text();
  return [...new Set(html.match(/\/assets\/[^"]+/g))];
}

function directives(response: Response): Record<string, string> {
  const policy = response.headers.get('content-security-policy') ?? '';
  return Object.fromEntries(
    policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  );
}

describe('the reference', () => {
  it.each(['/docs', '/docs/', '/docs?any=thing'])('is served at %s without a redirect', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('names no file of another origin, and holds no script of its own', async () => {
    const html = await (await get('/docs')).text();
    expect(html).toContain('<script defer src="/assets/');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
    expect(html).not.toContain('{{');
  });

  it('is not sent again while it is the same', async () => {
    const etag = (await get('/docs')).headers.get('etag') ?? '';
    const again = await get('/docs', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('content-security-policy')).not.toBeNull();
  });
});

describe('its files', () => {
  it('are all there, typed, and good for a year under their versioned names', async () => {
    const paths = await assetPaths();
    expect(paths.length).toBeGreaterThanOrEqual(8);
    for (const path of paths) {
      expect(path).toMatch(/^\/assets\/(?:swagger-ui-\d+\.\d+\.\d+|docs-[0-9a-f]{12})\/[\w.-]+$/);
      const response = await get(path);
      expect.soft({ path, status: response.status }).toEqual({ path, status: 200 });
      expect.soft(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect.soft(response.headers.get('content-type')).toMatch(/^(?:text\/(?:css|javascript|plain)|image\/svg\+xml)/);
      expect.soft((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });

  it('do not name source maps, which are not there', async () => {
    for (const path of (await assetPaths()).filter((name) => /\.(?:css|js)$/.test(name))) {
      expect.soft(await (await get(path)).text(), path).not.toContain('sourceMappingURL');
    }
  });
});

describe('every answer', () => {
  it.each(['/docs', '/docs/', '/nothing'])('to %s carries the security headers', async (path) => {
    const response = await get(path);
    expect(directives(response)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('to HEAD is the one to GET without its body', async () => {
    for (const path of ['/docs', ...(await assetPaths()), '/nothing']) {
      const [headed, got] = [await get(path, { method: 'HEAD' }), await get(path)];
      expect.soft(headed.status, path).toBe(got.status);
      for (const name of ['content-type', 'cache-control', 'etag', 'content-security-policy']) {
        expect.soft(headed.headers.get(name), `${path} ${name}`).toBe(got.headers.get(name));
      }
      expect.soft(await headed.text(), path).toBe('');
      await got.body?.cancel();
    }
  });
});

describe('what is refused', () => {
  it.each([
    '/',
    '/docs.html',
    '/docs/index.html',
    '/docs/more',
    '/assets',
    '/assets/',
    '/assets/docs.css',
    '/assets/..%2fdocs',
    '/assets/%2e%2e%2fdocs.html',
    '/assets//docs.html',
    '/assets/.hidden',
    '/assets/assets/docs.css',
    '/%64ocs',
    '/api/v1/models',
    '/health',
    '/openapi.json',
  ])('%s is not found', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('Not found\n');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s', async (method) => {
    const response = await get('/docs', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await response.text()).toBe('Method not allowed\n');
  });

  it('everything, at the address of the Worker itself', async () => {
    const response = await worker.fetch();
    expect(response.status).toBe(404);
  });
});
