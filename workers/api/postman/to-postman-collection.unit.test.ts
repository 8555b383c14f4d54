import { describe, expect, it } from 'vitest';
import type { oas32 } from 'zod-openapi';
import type { PostmanFolder, PostmanItem } from './postman-types.ts';
import type { OpenApiDocument } from './resolve-reference.ts';
import { SAMPLE_OPENAPI } from './sample-openapi.ts';
import { toPostmanCollection } from './to-postman-collection.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const collection = toPostmanCollection(SAMPLE_OPENAPI);

function itemNamed(name: string): PostmanItem {
  const items = collection.item.flatMap((entry) => ('item' in entry ? entry.item : [entry]));
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no request named ${name}`);
  return found;
}

describe('the collection', () => {
  it('says what it is, in the format that it is in', () => {
    expect(collection.info).toEqual({
      _postman_id: expect.stringMatching(UUID),
      name: 'Sample Liveness API',
      description: 'A **sample** document.\n\nSecond paragraph.',
      version: '1.2.3',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    });
  });

  it('has a folder per tag that is used, in the order of the document, and what has no tag beside them', () => {
    const outline = collection.item.map((entry) =>
      'item' in entry ? { [entry.name]: entry.item.map((item) => item.name) } : entry.name,
    );
    expect(outline).toEqual([
      { Checks: ['Run a check', 'List checks', 'One check', 'Forget a check'] },
      { Operations: ['Is it up?'] },
      { Undeclared: ['Other kinds of body'] },
      'No tag and no operationId',
    ]);
    expect((collection.item[0] as PostmanFolder).description).toBe('Run a check.');
  });

  it('is the same for the same document, with ids that follow from the operations', () => {
    expect(JSON.stringify(toPostmanCollection(structuredClone(SAMPLE_OPENAPI)))).toBe(JSON.stringify(collection));
    const ids = collection.item
      .flatMap((entry) => ('item' in entry ? [entry, ...entry.item] : [entry]))
      .map(({ id }) => id);
    expect(ids.every((id) => UUID.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);

    const renamed = structuredClone(SAMPLE_OPENAPI);
    const operation = renamed.paths?.['/health']?.get;
    if (operation) operation.summary = 'Another summary';
    const [before, after] = [collection, toPostmanCollection(renamed)].map(
      (made) => (made.item[1] as PostmanFolder).item[0],
    );
    expect(after?.id).toBe(before?.id);
    expect(after?.name).toBe('Another summary');
  });

  it('takes its variables from the document, and holds no secret', () => {
    expect(collection.variable).toEqual([
      { key: 'baseUrl', value: 'http://localhost:8787', type: 'string' },
      { key: 'apiKey', value: '', type: 'string' },
      { key: 'appToken', value: '', type: 'string' },
    ]);
    const deployed = { ...SAMPLE_OPENAPI, servers: [{ url: '/' }, { url: 'https://api.example.com/' }] };
    expect(toPostmanCollection(deployed).variable[0]?.value).toBe('https://api.example.com');
    expect(toPostmanCollection(deployed, { baseUrl: 'https://other.example.com' }).variable[0]?.value).toBe(
      'https://other.example.com',
    );
  });
});

describe('authentication', () => {
  it('sends the key from the collection, in the header that the document names', () => {
    expect(collection.auth).toEqual({
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'X-API-Key', type: 'string' },
        { key: 'value', value: '{{apiKey}}', type: 'string' },
        { key: 'in', value: 'header', type: 'string' },
      ],
    });
    expect(itemNamed('Run a check').request).not.toHaveProperty('auth');
  });

  it('prefers the key where an operation takes a token as well', () => {
    expect(itemNamed('One check').request).not.toHaveProperty('auth');
  });

  it('sends the token where an operation takes nothing else', () => {
    expect(itemNamed('Forget a check').request.auth).toEqual({
      type: 'bearer',
      bearer: [{ key: 'token', value: '{{appToken}}', type: 'string' }],
    });
  });

  it('sends nothing where an operation asks for nothing', () => {
    expect(itemNamed('Is it up?').request.auth).toEqual({ type: 'noauth' });
  });
});

describe('a request', () => {
  it('has path parameters as variables, with their example and description', () => {
    expect(itemNamed('One check').request.url).toEqual({
      raw: '{{baseUrl}}/api/v1/checks/:checkId',
      host: ['{{baseUrl}}'],
      path: ['api', 'v1', 'checks', ':checkId'],
      query: [],
      variable: [{ key: 'checkId', value: '11111111-2222-4333-8444-555555555555', description: 'Which check' }],
    });
  });

  it('has query parameters, switched off unless they are required', () => {
    expect(itemNamed('List checks').request.url).toMatchObject({
      raw: '{{baseUrl}}/api/v1/checks?model=fast',
      query: [
        { key: 'limit', value: '20', description: 'Page size', disabled: true },
        { key: 'model', value: 'fast', description: '' },
        { key: 'labels', value: 'a,b', description: '', disabled: true },
      ],
    });
    expect(itemNamed('List checks').request.url.query[1]).not.toHaveProperty('disabled');
  });

  it('has an idempotency key of its own for each sending, switched off', () => {
    expect(itemNamed('Run a check').request.header).toEqual([
      { key: 'Content-Type', value: 'application/json' },
      { key: 'Idempotency-Key', value: '{{$guid}}', description: 'Makes a retry safe', disabled: true },
    ]);
  });

  it('lets a parameter of the operation replace that of the path', () => {
    expect(itemNamed('Forget a check').request.url.variable).toEqual([
      { key: 'checkId', value: 'mine', description: 'The one to forget' },
    ]);
  });

  it('has the least body that fits the schema, and what the schema gives an example of', () => {
    const { body } = itemNamed('Run a check').request;
    expect(body).toMatchObject({ mode: 'raw', options: { raw: { language: 'json' } } });
    expect(JSON.parse(body?.mode === 'raw' ? body.raw : '')).toEqual({
      session_id: '00000000-0000-4000-8000-000000000000',
      model: 'fast',
      source: 'live',
      frames: [
        { index: 0, pixels: 'AAAA' },
        { index: 0, pixels: 'AAAA' },
      ],
      note: 'hello',
    });
  });

  it('prefers a named example of the body, and has none for a body that is not JSON', () => {
    expect(itemNamed('Other kinds of body').request).toMatchObject({
      header: [{ key: 'Content-Type', value: 'application/merge-patch+json' }],
      body: { raw: JSON.stringify({ from: 'a named example' }, null, 2) },
    });
    const upload: OpenApiDocument = structuredClone(SAMPLE_OPENAPI);
    const operation = upload.paths?.['/untagged']?.put;
    if (operation) operation.requestBody = { content: { 'video/mp4': {} } };
    const made = toPostmanCollection(upload).item.at(-1) as PostmanItem;
    expect(made.request).not.toHaveProperty('body');
  });

  it('has the fields of a form: a file to pick, what must be sent, and the rest switched off', () => {
    const upload: OpenApiDocument = structuredClone(SAMPLE_OPENAPI);
    const operation = upload.paths?.['/untagged']?.put;
    const schema: oas32.SchemaObject = {
      type: 'object',
      required: ['title', 'place'],
      properties: {
        video: { type: 'string', contentEncoding: 'binary', description: 'Pick one' },
        old_style: { type: 'string', format: 'binary' },
        encoded: { type: 'string', contentMediaType: 'video/mp4' },
        title: { type: 'string', example: 'A title' },
        place: { type: 'object', example: { x: 1 } },
        model: { allOf: [{ $ref: '#/components/schemas/Model' }], description: 'Which one' },
        made_at: { type: 'string', readOnly: true },
      },
    };
    if (operation) operation.requestBody = { content: { 'multipart/form-data': { schema } } };
    const { request } = toPostmanCollection(upload).item.at(-1) as PostmanItem;
    expect(request.header).toEqual([]);
    expect(request.body).toEqual({
      mode: 'formdata',
      formdata: [
        { key: 'video', type: 'file', src: [], description: 'Pick one' },
        { key: 'old_style', type: 'file', src: [], description: '' },
        { key: 'encoded', type: 'file', src: [], description: '' },
        { key: 'title', type: 'text', value: 'A title', description: '' },
        { key: 'place', type: 'text', value: '{"x":1}', description: '' },
        { key: 'model', type: 'text', value: 'fast', description: 'Which one', disabled: true },
      ],
    });
  });

  it('says that it is deprecated', () => {
    expect(itemNamed('Forget a check').request.description).toBe('Deprecated.');
  });
});

describe('a saved answer', () => {
  it('shows all of a success', () => {
    const [answer, ...others] = itemNamed('Run a check').response;
    expect(others).toEqual([]);
    expect(answer).toMatchObject({
      id: expect.stringMatching(UUID),
      name: '201 The verdict',
      status: 'Created',
      code: 201,
      _postman_previewlanguage: 'json',
      header: [{ key: 'Content-Type', value: 'application/json' }],
      originalRequest: { method: 'POST' },
    });
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      id: '00000000-0000-4000-8000-000000000000',
      verdict: 'live',
      score: 0.5,
      created_at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('uses the example that stands beside the schema', () => {
    expect(itemNamed('Is it up?').response[0]?.body).toBe('{\n  "status": "ok"\n}');
  });

  it('has no body where there is none, and no answer where no success is described', () => {
    expect(itemNamed('Forget a check').response).toMatchObject([{ code: 204, status: 'No Content', body: '' }]);
    expect(itemNamed('No tag and no operationId').response).toEqual([]);
  });
});
