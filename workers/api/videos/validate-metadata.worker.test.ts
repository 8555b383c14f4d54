import { describe, expect, it } from 'vitest';
import { ApiFailure } from '#shared/contract/errors.ts';
import { LOCAL_ORGANISATIONS } from '#shared/db/local-seed.ts';
import { validateMetadata } from './validate-metadata.ts';

// In workerd, because the validator must do without code that is made while it runs.

const GLOBEX = LOCAL_ORGANISATIONS.find(({ slug }) => slug === 'globex')?.metadataSchema ?? {};

function problemsOf(text: string | undefined, schema: Record<string, unknown> | null): unknown {
  try {
    return { passes: validateMetadata(text, schema) };
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.error.code !== 'invalid_metadata') return error;
    expect(error.error.message).toBe(error.error.messages[0]);
    return error.error.messages;
  }
}

describe('metadata', () => {
  it.each([
    ['none', undefined, null],
    ['empty', '{}', {}],
    ['some', ' {"a":[1,{"b":null}]} ', { a: [1, { b: null }] }],
  ])('goes through without a schema: %s', (_case, text, expected) => {
    expect(validateMetadata(text, null)).toEqual(expected);
  });

  it.each([
    ['an array', '[]', 'metadata must be a JSON object'],
    ['null', 'null', 'metadata must be a JSON object'],
    ['text', '"a"', 'metadata must be a JSON object'],
    ['nothing', '', 'metadata must be valid JSON'],
    ['no JSON', '{a:1}', 'metadata must be valid JSON'],
    ['a byte order mark', '\ufeff{}', 'metadata must be valid JSON'],
    ['more than all', '{"a":1}{', 'metadata must be valid JSON'],
    ['too much', `{"a":"${'€'.repeat(5500)}"}`, 'metadata must be at most 16384 bytes of JSON'],
    [
      'too deep',
      `{"a":${'['.repeat(7000)}${']'.repeat(7000)}}`,
      'metadata must not be nested more than 32 levels deep',
    ],
    [
      'a little too deep',
      `{"a":${'['.repeat(32)}${']'.repeat(32)}}`,
      'metadata must not be nested more than 32 levels deep',
    ],
  ])('is refused with or without a schema: %s', (_case, text, message) => {
    expect(problemsOf(text, null)).toEqual([message]);
    expect(problemsOf(text, {})).toEqual([message]);
  });

  it('may use all that it is allowed', () => {
    const deep = `{"a":${'['.repeat(31)}${']'.repeat(31)}}`;
    expect(validateMetadata(deep, {})).toEqual(JSON.parse(deep));
    const large = `{"a":"${'x'.repeat(16384 - '{"a":""}'.length)}"}`;
    expect(validateMetadata(large, null)).toEqual(JSON.parse(large));
  });

  it("is nobody's prototype", () => {
    const text = '{"__proto__":{"channel":"x","isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}';
    expect(problemsOf(text, GLOBEX)).toEqual(['metadata.channel is required']);
    const metadata = validateMetadata(text, null);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    expect(JSON.stringify(metadata)).toBe(text);
    expect({}).not.toHaveProperty('isAdmin');
  });
});

describe('the schema of an organisation', () => {
  it('lets through what fits', () => {
    expect(problemsOf('{"channel":"mobile","more":1}', GLOBEX)).toEqual({ passes: { channel: 'mobile', more: 1 } });
    expect(problemsOf(undefined, { type: 'object' })).toEqual({ passes: null });
  });

  it.each([
    ['absent', undefined, ['metadata.channel is required']],
    ['empty', '{}', ['metadata.channel is required']],
    ['inherited', '{"toString":1}', ['metadata.channel is required']],
    ['a wrong type', '{"channel":1}', ['metadata.channel: Instance type "number" is invalid. Expected "string".']],
    ['too short', '{"channel":""}', ['metadata.channel: String is too short (0 < 1).']],
  ])('names the member: %s', (_case, text, messages) => {
    expect(problemsOf(text, GLOBEX)).toEqual(messages);
  });

  it('names every member that is wrong, each once, and no more than a person reads', () => {
    const schema = {
      $defs: { name: { type: 'string', pattern: '^[a-z]+$' } },
      allOf: [{ properties: { first: { $ref: '#/$defs/name' }, 'a/b~c%': { $ref: '#/$defs/name' } } }],
      properties: { list: { items: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }, extra: false },
      required: ['first', 'last'],
      dependentRequired: { list: ['count'] },
    };
    const given = JSON.stringify({ 'a/b~c%': 'X', list: [1, 'x'], extra: 1 });
    expect(problemsOf(given, schema)).toEqual([
      'metadata.a/b~c%: String does not match pattern.',
      'metadata.first is required',
      'metadata.last is required',
      'metadata: Instance has "list" but does not have "count".',
      'metadata.list.1: Instance does not match any subschemas.',
      'metadata.extra is not allowed',
    ]);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, 1])));
    expect(problemsOf(many, { additionalProperties: false })).toHaveLength(20);
  });

  it.each([
    ['draft 7', 'http://json-schema.org/draft-07/schema#', '{"a":["x"]}'],
    ['2019-09', 'https://json-schema.org/draft/2019-09/schema', '{"a":["x"]}'],
    ['2020-12', 'https://json-schema.org/draft/2020-12/schema', '{"b":["x"]}'],
  ])('may be of %s', (_draft, $schema, given) => {
    const schema = {
      $schema,
      properties: { a: { items: [{ type: 'integer' }] }, b: { prefixItems: [{ type: 'integer' }] } },
    };
    expect(problemsOf(given, schema)).toEqual([expect.stringContaining('.0: Instance type "string" is invalid')]);
  });

  it('is read by its draft: beside a $ref, draft 7 reads nothing', () => {
    const rest = { definitions: { any: {} }, properties: { a: { $ref: '#/definitions/any', type: 'integer' } } };
    expect(problemsOf('{"a":"x"}', { $schema: 'http://json-schema.org/draft-07/schema#', ...rest })).toEqual({
      passes: { a: 'x' },
    });
    expect(problemsOf('{"a":"x"}', rest)).toHaveLength(1);
  });

  it.each([
    ['of another draft', { $schema: 'http://json-schema.org/draft-03/schema#' }],
    ['of no draft', { $schema: 7 }],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }],
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }],
    ['a reference to another server', { properties: { a: { $ref: 'https://example.com/schema.json' } } }],
    ['a reference to itself', { $ref: '#' }],
    ['a dynamic reference', { $dynamicRef: '#node' }],
    ['a list that is none', { anyOf: 5 }],
    ['a null in it', { properties: { a: null } }],
  ])('lets nothing through when it cannot be used: %s', (_case, schema) => {
    const failure = problemsOf('{"a":"x"}', schema);
    expect(failure).not.toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({ message: 'The metadata schema of the organisation cannot be used' });
    expect((failure as Error).cause).toBeInstanceOf(Error);
  });

  it('is no fault when a name in the metadata is half a character', () => {
    const messages = ['metadata has a member whose name is not valid text'];
    expect(problemsOf('{"\\ud800":1}', { additionalProperties: false })).toEqual(messages);
  });

  it('is left as it is', () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: Object.freeze({ type: 'object' }) } };
    expect(problemsOf('{}', Object.freeze(schema))).toEqual({ passes: {} });
  });
});
