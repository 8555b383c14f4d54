import { beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '#shared/contract/scopes.ts';
import { call } from '#shared/testing/call-gateway.ts';
import { film, formOf, recordingQueue } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { createApp } from './app.ts';
import { errorCodesOf } from './operation/describe-operation.ts';
import { OPERATIONS } from './operations.ts';

interface Described {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { required: boolean };
  responses: Record<
    string,
    { description: string; headers?: Record<string, unknown>; content: Record<string, { schema: unknown }> }
  >;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, unknown> };
}

let document: OpenApi;

beforeAll(async () => {
  await seedDatabase();
  document = await (await call('/openapi.json')).json<OpenApi>();
});

/** What the router answers, taken from the router itself: middleware and the answers to wrong methods left out. */
function mountedRoutes(): string[] {
  const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
  const ownPaths = createApp().routes.filter(({ method, path }) => methods.has(method) && !path.endsWith('*'));
  return [
    ...new Set(
      ownPaths.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1')}`),
    ),
  ];
}

describe('the OpenAPI document', () => {
  it('is 3.1 and describes exactly the routes that are mounted', () => {
    expect(document.openapi).toBe('3.1.1');
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(mountedRoutes().sort());
    expect(described.length).toBeGreaterThan(OPERATIONS.length);
  });

  it.each(OPERATIONS)('describes $id whole', (operation) => {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
    expect(described?.operationId).toBe(operation.id);
    expect(described?.summary.length).toBeGreaterThan(5);
    expect(Object.keys(described?.responses ?? {})).toContain(`${operation.success.status}`);
    const text = JSON.stringify(described?.responses);
    for (const code of errorCodesOf(operation)) expect(text).toContain(`\`${code}\``);
    const names = described?.parameters?.map(({ name }) => name) ?? [];
    for (const [, name] of operation.path.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
    expect(names.includes('Idempotency-Key')).toBe(operation.creates === true);
    expect(described?.requestBody?.required).toBe(operation.body ? true : undefined);
    expect(described?.security).toHaveLength({ public: 0, key: 1, key_or_app: 2, bearer: 2 }[operation.access]);
    if (operation.scope) expect(JSON.stringify(described)).toContain(operation.scope);
  });

  it('shows what chooses the model of a check, and what tells it', () => {
    const described = document.paths['/api/v1/fast-check']?.post;
    expect(described?.parameters).toContainEqual(expect.objectContaining({ name: 'X-Model-Version', in: 'header' }));
    for (const status of ['200', '400', '402', '409']) {
      expect(Object.keys(described?.responses[status]?.headers ?? {})).toEqual(
        expect.arrayContaining(['X-Moveris-Model-Resolved', 'Deprecation', 'Sunset', 'X-Moveris-Suggested-Model']),
      );
    }
    expect(JSON.stringify(document.components.schemas.Frame)).toContain('timestamp_ms');
  });

  it('leaves no reference hanging and no schema empty', () => {
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name);
    }
    for (const item of Object.values(document.paths)) {
      for (const { responses } of Object.values(item)) {
        for (const { content } of Object.values(responses)) {
          for (const { schema } of Object.values(content)) expect(Object.keys(schema ?? {}).length).toBeGreaterThan(0);
        }
      }
    }
  });

  it('knows every scope', () => {
    const text = JSON.stringify(document);
    for (const scope of SCOPES) expect(text).toContain(scope);
  });
});

describe('DOCS_BASIC_AUTH', () => {
  const env = { DOCS_BASIC_AUTH: 'reader:sesame:open' };
  const paths = ['/docs', '/docs/', '/openapi.json', '/postman.json'];

  it.each(paths)('stands before %s', async (path) => {
    const refused = await call(path, { env });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="documentation"']);
    const wrong = { authorization: `Basic ${btoa('reader:wrong')}` };
    expect((await call(path, { env, headers: wrong })).status).toBe(401);
    const right = { authorization: `Basic ${btoa('reader:sesame:open')}` };
    expect((await call(path, { env, headers: right })).status).toBe(200);
    expect((await call(path)).status).toBe(200);
  });

  it('leaves the API alone', async () => {
    expect((await call('/api/v1/models', { env, key: 'sk-local-acme' })).status).toBe(200);
  });
});

interface PostmanField {
  key: string;
  type: 'file' | 'text';
  value?: string;
  disabled?: boolean;
}
interface PostmanItem {
  name: string;
  item?: PostmanItem[];
  request?: {
    method: string;
    url: { path: string[]; variable?: { key: string; value: string }[]; query?: { disabled?: boolean }[] };
    header?: { key: string; value: string; disabled?: boolean }[];
    body?: { mode: 'raw'; raw: string } | { mode: 'formdata'; formdata: PostmanField[] };
  };
}

type PostmanBody = NonNullable<NonNullable<PostmanItem['request']>['body']>;

/** What Postman makes of it, once its user has picked a file. */
function bodyOf(body: PostmanBody): string | FormData {
  if (body.mode === 'raw') return body.raw;
  const sent = body.formdata.filter(({ disabled }) => !disabled);
  return formOf(
    ...sent.map(({ key, type, value = '' }) => [key, type === 'file' ? film() : value] as [string, string | File]),
  );
}

describe('the Postman collection', () => {
  it('has a request for each operation, and each is understood by the gateway', async () => {
    const response = await call('/postman.json');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const collection = await response.json<{ info: { schema: string }; item: PostmanItem[] }>();
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
    const requests = collection.item.flatMap((folder) => folder.item ?? []).flatMap(({ request }) => request ?? []);
    expect(requests).toHaveLength(Object.values(document.paths).flatMap((item) => Object.keys(item)).length);
    for (const { method, url, header, body } of requests) {
      const variables = new Map(url.variable?.map(({ key, value }) => [`:${key}`, value]));
      const path = `/${url.path.map((segment) => variables.get(segment) ?? segment).join('/')}`;
      const headers = Object.fromEntries(
        (header ?? []).filter(({ disabled }) => !disabled).map(({ key, value }) => [key, value]),
      );
      const env = { INFERENCE: stubInference().service, VIDEO_JOBS: recordingQueue().queue };
      const options = { method, headers, env, key: 'sk-local-acme', ...(body && { body: bodyOf(body) }) };
      const answer = await call(path, options);
      const { status } = answer;
      // The ids are examples, so nothing is found under them, a check shows one frame, and a face is for the reader to put in;
      // but no request may be malformed.
      const text = await answer.text();
      const isUnderstood =
        [200, 201, 404].includes(status) ||
        answer.headers.get('x-error-code') === 'insufficient_frames' ||
        text.includes('\\"images.0\\" must be base64');
      expect([method, path, isUnderstood]).toEqual([method, path, true]);
      const namesSomething = variables.size > 0 || (body?.mode === 'raw' && body.raw.includes('_id"'));
      if (status === 404) expect(namesSomething).toBe(true);
    }
  });
});
