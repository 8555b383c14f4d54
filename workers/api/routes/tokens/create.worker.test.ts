import { env } from 'cloudflare:workers';
import { sign } from 'hono/jwt';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import type { ApiToken } from '#shared/contract/tokens.ts';
import { callFaces, newCollection, searchBody } from '#shared/testing/call-faces.ts';
import { callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../../env.ts';
import { signToken } from '../../tokens/token-claims.ts';

const SECRET = env.API_TOKEN_SECRET;
const HOUR_MS = 60 * 60 * 1000;

beforeAll(seedDatabase);

const issue = (body: unknown = {}, key = ACME) => callJson('/api/v1/tokens', { method: 'POST', key, body });
const token = async (body: unknown = {}, key = ACME) =>
  (await callData<ApiToken>('/api/v1/tokens', { method: 'POST', key, body })).token;
const newKey = (body: unknown) => callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: ACME, body });
const claimsOf = (jwt: string) => JSON.parse(atob(jwt.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''));
const collections = (bearer: string | null) => callFaces('/collections', { bearer });

describe('a token', () => {
  it('is a JWT that is good for an hour, and does what the key does', async () => {
    const { response, body } = await issue();
    expect(response.status).toBe(201);
    const data = body.data as ApiToken;
    expect(data).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      expires_at: expect.any(String),
      scopes: [],
    });
    const claims = claimsOf(data.token);
    expect(claims).toMatchObject({ iss: 'edge-liveness', aud: 'edge-liveness-api', scopes: [] });
    expect(claims.exp - claims.iat).toBe(3600);
    expect(Date.parse(data.expires_at)).toBe(claims.exp * 1000);
    expect((await collections(data.token)).status).toBe(200);
    expect(JSON.stringify(claims)).not.toContain('sk-');
  });

  it('is good for face search only', async () => {
    const headers = { authorization: `Bearer ${await token()}` };
    expect((await callJson('/api/v1/keys', { headers })).response.status).toBe(401);
  });

  it('can be shorter, and do less', async () => {
    const { body } = await issue({ expires_in: 60, scopes: ['faces:read'] });
    const { token: less, expires_in, scopes } = body.data as ApiToken;
    expect([expires_in, scopes]).toEqual([60, ['faces:read']]);
    expect((await collections(less)).status).toBe(200);
    const refused = await callFaces('/collections', { bearer: less, body: { name: 'x' } });
    expect(refused).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      message: 'API key lacks required scope: faces:write',
    });
  });

  it.each([
    [{ expires_in: 59 }, 'expires_in must be at least 60'],
    [{ expires_in: 86_401 }, 'expires_in must be at most 86400'],
    [{ scopes: [] }, 'scopes must have at least 1 item'],
    [{ scopes: ['faces:all'] }, expect.stringContaining('scopes.0 must be one of')],
    [{ lifetime: 60 }, 'lifetime is not a known field'],
  ])('is refused: %j', async (wanted, message) => {
    const { response, body } = await issue(wanted);
    expect([response.status, body.message]).toEqual([400, message]);
  });

  it('does not do more than the key', async () => {
    const { response, body } = await issue({ scopes: ['faces:read'] }, 'sk-local-acme-read');
    expect([response.status, body.required_scope]).toEqual([403, 'faces:read']);
    const { body: own } = await issue({}, 'sk-local-acme-read');
    expect((own.data as ApiToken).scopes).toEqual(['detection:read']);
    expect((await collections((own.data as ApiToken).token)).status).toBe(403);
  });

  it('ends with its key: when that is over, revoked or has lost its scopes', async () => {
    const soon = new Date(Date.now() + 120_000).toISOString();
    const expiring = await newKey({ name: 'soon', expires_at: soon });
    const { body } = await issue({}, expiring.key);
    const { expires_in, expires_at } = body.data as ApiToken;
    expect(expires_in).toBeLessThanOrEqual(120);
    expect(Date.parse(expires_at)).toBeLessThanOrEqual(Date.parse(soon));

    const revoked = await newKey({ name: 'revoked' });
    const bearer = await token({}, revoked.key);
    expect((await collections(bearer)).status).toBe(200);
    await callData(`/api/v1/keys/${revoked.id}`, { method: 'DELETE', key: ACME });
    expect(await collections(bearer)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });

    const narrowed = await newKey({ name: 'narrowed', scopes: ['faces:read', 'faces:write'] });
    const wide = await token({}, narrowed.key);
    await callData(`/api/v1/keys/${narrowed.id}`, { method: 'PATCH', key: ACME, body: { scopes: ['faces:read'] } });
    expect((await collections(wide)).status).toBe(200);
    expect((await callFaces('/collections', { bearer: wide, body: { name: 'x' } })).status).toBe(403);
    await callData(`/api/v1/keys/${narrowed.id}`, { method: 'PATCH', key: ACME, body: { scopes: ['usage:read'] } });
    expect((await collections(wide)).status).toBe(401);
  });

  it('shares the quota of its key', async () => {
    const bearer = await token({}, 'sk-local-slow');
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) {
      statuses.push((await callFaces('/persons', { bearer })).status);
      statuses.push((await callFaces('/persons', { bearer: 'sk-local-slow' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const limited = await callFaces('/persons', { bearer });
    expect([limited.code, limited.headers.has('retry-after')]).toEqual(['TooManyRequests', true]);
  });

  it('and the key do not get each other’s stored answers', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const create = async (bearer: string) => {
      const { status, data } = await callFaces('/collections', { bearer, headers, body: { name: 'x' } });
      return [status, (data as { id: string }).id];
    };
    const byKey = await create(ACME);
    const byToken = await create(await token());
    expect(await create(ACME)).toEqual(byKey);
    expect(await create(await token({ expires_in: 61 }))).toEqual(byToken);
    expect(byToken[1]).not.toBe(byKey[1]);
  });
});

describe('a bearer that is not accepted', () => {
  const grant = { keyId: 'b0000000-0000-4000-8000-000000000001', scopes: [], issuedAtMs: Date.now() - HOUR_MS };
  const good = { ...grant, expiresAtMs: Date.now() + HOUR_MS };

  it('that is over says so', async () => {
    const over = await signToken({ ...grant, expiresAtMs: Date.now() - 1000 }, SECRET);
    const { status, message, code } = await collections(over);
    expect({ status, message, code }).toEqual({ status: 403, message: 'token_expired', code: 'FORBIDDEN' });
    expect((await collections(await signToken(good, SECRET))).status).toBe(200);
  });

  const claims = { iss: 'edge-liveness', aud: 'edge-liveness-api', sub: grant.keyId, scopes: [], iat: 1, exp: 4e9 };
  const { exp: _, ...endless } = claims;
  it.each([
    ['none', async () => null],
    ['an unknown key', async () => 'sk-nobody'],
    ['garbage', async () => 'a.b.c'],
    ['signed with another secret', async () => await signToken(good, 'x'.repeat(40))],
    ['over, and signed with another secret', async () => await signToken({ ...good, expiresAtMs: 0 }, 'x'.repeat(40))],
    ['of another issuer', async () => await sign({ ...claims, iss: 'x' }, SECRET, 'HS256')],
    ['for another audience', async () => await sign({ ...claims, aud: 'x' }, SECRET, 'HS256')],
    ['of another algorithm', async () => await sign(claims, SECRET, 'HS512')],
    [
      'unsigned',
      async () => `${btoa('{"alg":"none","typ":"JWT"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', ''),
    ],
    ['of no key', async () => await sign({ ...claims, sub: crypto.randomUUID() }, SECRET, 'HS256')],
    ['of a scope that there is not', async () => await sign({ ...claims, scopes: ['everything'] }, SECRET, 'HS256')],
    ['without an end', async () => await sign(endless, SECRET, 'HS256')],
    ['the app token', async () => 'local-app-token'],
    ['endless', async () => `${'a'.repeat(5000)}.b.c`],
  ])('is answered as any other: %s', async (_what, bearer) => {
    const { status, message, code, headers } = await collections(await bearer());
    expect({ status, message, code }).toEqual({
      status: 401,
      message: 'Authentication required',
      code: 'UNAUTHORIZED',
    });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is not there in another deployment', async () => {
    const bearer = await signToken(good, SECRET);
    const { status } = await callFaces('/collections', { bearer, env: without('API_TOKEN_SECRET') });
    expect(status).toBe(401);
    const { response, body } = await callJson('/api/v1/tokens', {
      method: 'POST',
      key: ACME,
      body: {},
      env: without('API_TOKEN_SECRET'),
    });
    expect([response.status, body.message]).toEqual([503, expect.stringContaining('API_TOKEN_SECRET')]);
  });
});

it('the key is taken where all other routes take it, too', async () => {
  const answer = await callFaces('/collections', { bearer: null, headers: { 'x-api-key': ACME } });
  expect(answer.status).toBe(200);
});

it('an organisation that is suspended is told so', async () => {
  expect(await collections('sk-local-suspended')).toMatchObject({ status: 402, code: 'PaymentRequired' });
});

it('what is below the path and no route answers in the shape of the API, too', async () => {
  expect(await callFaces('/nothing')).toMatchObject({ status: 404, code: 'NotFound', message: 'No such route' });
  const wrong = await callFaces('/search', { method: 'GET' });
  expect([wrong.status, wrong.code, wrong.headers.get('allow')]).toEqual([405, 'MethodNotAllowed', 'POST']);
  const text = await callFaces('/search', { body: 'x', headers: { 'content-type': 'text/plain' } });
  expect([text.status, text.code]).toEqual([415, 'UnsupportedMediaType']);
});

it('a page of an allowed host may read the answer to a token of its organisation', async () => {
  const origin = 'https://faces.example.com';
  await callData('/api/v1/hosts', { method: 'POST', key: ACME, body: { origin } });
  const allowed = async (bearer: string) =>
    (await callFaces('/collections', { bearer, headers: { origin } })).headers.get('access-control-allow-origin');
  expect(await allowed(await token())).toBe(origin);
  expect(await allowed(await token({}, 'sk-local-globex'))).toBeNull();
});

it('nobody is searched for by a token without the scope', async () => {
  await newCollection();
  const bearer = await token({ scopes: ['faces:read'] });
  expect(await callFaces('/search', { bearer, body: searchBody() })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
});

function without(name: keyof GatewayEnv): Partial<GatewayEnv> {
  return { [name]: undefined } as Partial<GatewayEnv>;
}
