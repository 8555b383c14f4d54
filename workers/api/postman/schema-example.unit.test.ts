import { describe, expect, it } from 'vitest';
import type { Schema } from './flatten-schema.ts';
import type { OpenApiDocument } from './resolve-reference.ts';
import { schemaExample } from './schema-example.ts';

const document: OpenApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Test', version: '1' },
  components: {
    schemas: {
      'Odd/Name~': { type: 'string', const: 'escaped' },
      Base: { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 7 } } },
      Left: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { left: { const: 'l' } } }] },
      Right: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { right: { const: 'r' } } }] },
      Tree: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          parent: { anyOf: [{ $ref: '#/components/schemas/Tree' }, { type: 'null' }] },
          wrapped: { allOf: [{ $ref: '#/components/schemas/Tree' }], description: 'The same again' },
          children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
        },
      },
      Loop: { $ref: '#/components/schemas/Loop' },
    },
  },
};
const response = (schema: Schema) => schemaExample(document, schema, 'response');
const request = (schema: Schema) => schemaExample(document, schema, 'request');

describe('what a schema gives', () => {
  it.each<[string, Schema, unknown]>([
    ['const, also null', { const: null, example: 1 }, null],
    ['the first of examples', { type: 'string', examples: ['a', 'b'], example: 'c' }, 'a'],
    ['example before default', { type: 'string', example: 'c', default: 'd' }, 'c'],
    ['default before enum', { enum: ['e', 'd'], default: 'd' }, 'd'],
    ['the first of enum', { enum: ['e', 'f'] }, 'e'],
    ['a reference', { $ref: '#/components/schemas/Odd~1Name~0' }, 'escaped'],
    ['keywords beside a reference', { $ref: '#/components/schemas/Base', example: { id: 1 } } as Schema, { id: 1 }],
  ])('%s', (_name, schema, expected) => {
    expect(response(schema)).toEqual(expected);
  });
});

describe('what is made up', () => {
  it.each<[string, Schema, unknown]>([
    ['uuid', { type: 'string', format: 'uuid' }, '00000000-0000-4000-8000-000000000000'],
    ['date-time', { type: 'string', format: 'date-time' }, '2026-01-01T00:00:00.000Z'],
    ['uri', { type: 'string', format: 'uri' }, 'https://example.com/'],
    ['an unknown format', { type: 'string', format: 'telepathy' }, 'string'],
    ['a long string', { type: 'string', minLength: 8 }, 'string..'],
    ['a short string', { type: 'string', maxLength: 3 }, 'str'],
    ['base64', { type: 'string', contentEncoding: 'base64', minLength: 5 }, 'AAAAAAAA'],
    ['the first type that is not null', { type: ['null', 'boolean'] }, false],
    ['null where nothing else fits', { type: 'null' }, null],
    ['a free integer', { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, 0],
    ['an integer above zero', { type: 'integer', exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER }, 1],
    ['an integer below zero', { type: 'integer', exclusiveMaximum: 0 }, -1],
    ['a number of a multiple', { type: 'number', minimum: 0.3, multipleOf: 0.25 }, 0.5],
    ['a number between close limits', { type: 'number', exclusiveMinimum: 0.9, exclusiveMaximum: 1 }, 0.95],
    ['an object without a type', { properties: { a: { type: 'boolean' } } }, { a: false }],
    ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, { key: 0 }],
    ['one element', { type: 'array', items: { type: 'integer' } }, [0]],
    ['as many elements as needed', { type: 'array', minItems: 3, items: { type: 'integer' } }, [0, 0, 0]],
    ['no element where none may be', { type: 'array', maxItems: 0, items: { type: 'integer' } }, []],
    ['a tuple', { prefixItems: [{ const: 1 }, { const: 'two' }] }, [1, 'two']],
    ['anything', true, {}],
    ['nothing', false, null],
  ])('%s', (_name, schema, expected) => {
    expect(response(schema)).toEqual(expected);
  });
});

describe('schemas of several parts', () => {
  it('adds up allOf, also where two parts share a base', () => {
    const schema = { allOf: [{ $ref: '#/components/schemas/Left' }, { $ref: '#/components/schemas/Right' }] };
    expect(response(schema)).toEqual({ id: 7, left: 'l', right: 'r' });
  });

  it('does not take an example of one part for one of the whole', () => {
    const part = { type: 'object', properties: { a: { const: 1 } }, example: { a: 9 } } as const;
    expect(response({ allOf: [part, { properties: { b: { const: 2 } } }] })).toEqual({ a: 1, b: 2 });
    expect(response({ allOf: [part], description: 'Only this' })).toEqual({ a: 9 });
  });

  it.each(['anyOf', 'oneOf'])('takes the first alternative of %s that is not null', (keyword) => {
    expect(response({ [keyword]: [{ type: 'null' }, { const: 'first' }, { const: 'second' }] })).toBe('first');
    expect(response({ properties: { own: { const: 1 } }, [keyword]: [{ properties: { a: { const: 2 } } }] })).toEqual({
      own: 1,
      a: 2,
    });
  });

  it('shows a schema that contains itself once', () => {
    expect(response({ $ref: '#/components/schemas/Tree' })).toEqual({ name: 'string', parent: null, children: [] });
  });
});

describe('direction', () => {
  const schema: Schema = {
    type: 'object',
    required: ['needed', 'id'],
    properties: {
      id: { type: 'string', readOnly: true },
      needed: { type: 'string' },
      shown: { type: 'string', example: 'yes' },
      optional: { type: 'string' },
      secret: { type: 'string', writeOnly: true },
    },
  };

  it('sends what is needed and what has an example', () => {
    expect(request(schema)).toEqual({ needed: 'string', shown: 'yes' });
  });

  it('receives all that can be read', () => {
    expect(response(schema)).toEqual({ id: 'string', needed: 'string', shown: 'yes', optional: 'string' });
  });
});

it.each([
  ['#/components/schemas/Missing', 'leads nowhere'],
  ['#/components/schemas/Loop', 'refers to itself'],
  ['https://example.com/schema.json', 'outside the document'],
])('refuses the reference %s', ($ref, message) => {
  expect(() => response({ $ref })).toThrow(message);
});
