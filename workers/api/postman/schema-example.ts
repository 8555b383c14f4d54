import type { oas32 } from 'zod-openapi';
import { flattenSchema, NOTHING, type Schema, type SchemaContext } from './flatten-schema.ts';
import type { OpenApiDocument } from './resolve-reference.ts';
import { exampleNumber, exampleString } from './scalar-example.ts';

type SchemaValue = oas32.SchemaObjectValue;

/**
 * A request shows what must be sent and what the schema gives an example of, so that it can be sent as it is;
 * a response shows all there is.
 */
export type Direction = 'request' | 'response';

interface Context extends SchemaContext {
  direction: Direction;
}

/** A value that fits the schema: its own example if it has one, else the least that its keywords ask for. */
export function schemaExample(document: OpenApiDocument, schema: Schema, direction: Direction): unknown {
  const value = exampleOf({ document, direction, inside: [] }, schema);
  return value === NOTHING ? null : value;
}

function exampleOf(context: Context, schema: Schema): unknown {
  const flat = flattenSchema(context, schema);
  if (flat === NOTHING) return NOTHING;
  const given = givenExample(flat.schema);
  return given === NOTHING ? minimalOf({ ...context, inside: flat.inside }, flat.schema) : given;
}

function givenExample(schema: SchemaValue): unknown {
  if ('const' in schema) return schema.const;
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0];
  if ('example' in schema) return schema.example;
  if ('default' in schema) return schema.default;
  if (schema.enum !== undefined && schema.enum.length > 0) return schema.enum[0];
  return NOTHING;
}

function minimalOf(context: Context, schema: SchemaValue): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return exampleObject(context, schema);
    case 'array':
      return exampleArray(context, schema);
    case 'string':
      return exampleString(schema);
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return {};
  }
}

function typeOf(schema: SchemaValue): oas32.SchemaObjectType | undefined {
  if (Array.isArray(schema.type)) return schema.type.find((type) => type !== 'null') ?? schema.type[0];
  if (schema.type !== undefined) return schema.type;
  if (schema.properties !== undefined) return 'object';
  return schema.items !== undefined || schema.prefixItems !== undefined ? 'array' : undefined;
}

function exampleObject(context: Context, schema: SchemaValue): Record<string, unknown> {
  const example: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isRequired = schema.required?.includes(name) ?? false;
    if (!isShown(context, property, isRequired)) continue;
    const value = exampleOf(context, property);
    if (value !== NOTHING) example[name] = value;
  }
  const others = schema.additionalProperties;
  if (context.direction === 'response' && typeof others === 'object' && schema.properties === undefined) {
    const value = exampleOf(context, others);
    if (value !== NOTHING) example.key = value;
  }
  return example;
}

function isShown(context: Context, property: Schema, isRequired: boolean): boolean {
  const flat = flattenSchema(context, property);
  if (flat === NOTHING) return false;
  if (context.direction === 'response') return flat.schema.writeOnly !== true;
  if (flat.schema.readOnly === true) return false;
  return isRequired || 'example' in flat.schema || 'examples' in flat.schema;
}

function exampleArray(context: Context, schema: SchemaValue): unknown[] {
  const first = (schema.prefixItems ?? []).map((item) => exampleOf(context, item)).filter((item) => item !== NOTHING);
  const count = Math.min(Math.max(schema.minItems ?? 0, 1), schema.maxItems ?? Number.POSITIVE_INFINITY);
  const item = schema.items === undefined || first.length >= count ? NOTHING : exampleOf(context, schema.items);
  return item === NOTHING ? first : [...first, ...Array.from({ length: count - first.length }, () => item)];
}
