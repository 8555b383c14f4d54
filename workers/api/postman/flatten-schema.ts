import type { oas32 } from 'zod-openapi';
import { isReference, type OpenApiDocument, resolveReference } from './resolve-reference.ts';

export type Schema = oas32.SchemaObject | oas32.ReferenceObject;
type SchemaValue = oas32.SchemaObjectValue;

export interface SchemaContext {
  document: OpenApiDocument;
  /** The references being worked on, so that a schema that contains itself ends. */
  inside: readonly string[];
}

/** No value fits, or only one that contains itself. Not `undefined`, which an example could be. */
export const NOTHING: unique symbol = Symbol('nothing');

type Flat = { schema: SchemaValue; inside: readonly string[] };

/** One schema without references, `allOf`, and with the first alternative of `anyOf` or `oneOf` chosen. */
export function flattenSchema(context: SchemaContext, schema: Schema): Flat | typeof NOTHING {
  // `true` allows anything, `false` nothing.
  if (typeof schema === 'boolean') return schema ? { schema: {}, inside: context.inside } : NOTHING;
  if (isReference(schema)) {
    const { $ref, ...siblings } = schema;
    if (context.inside.includes($ref)) return NOTHING;
    const target = resolveReference<SchemaValue>(context.document, { $ref });
    // OpenAPI 3.1 lets keywords stand beside a reference; there they say more than the target does.
    return flattenSchema({ ...context, inside: [...context.inside, $ref] }, { ...target, ...siblings });
  }
  const { allOf, anyOf, oneOf, ...own } = schema;
  const parts: Flat[] = [];
  for (const member of allOf ?? []) {
    const part = flattenSchema(context, member);
    if (part === NOTHING) return NOTHING;
    parts.push(part);
  }
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) {
    const part = firstAlternative(context, alternatives);
    if (part === NOTHING) return NOTHING;
    parts.push(part);
  }
  // A wrapper round a single part passes its example on; an example of one part among several is not one of the whole.
  const isWrapper = parts.length === 1 && own.properties === undefined;
  return {
    schema: parts.reduce((merged, part) => merge(merged, isWrapper ? part.schema : withoutExamples(part.schema)), own),
    inside: [...new Set([...context.inside, ...parts.flatMap((part) => part.inside)])],
  };
}

/** The first that ends; null only if there is nothing else, because it shows a reader nothing. */
function firstAlternative(context: SchemaContext, alternatives: readonly Schema[]): Flat | typeof NOTHING {
  const flat = alternatives.map((schema) => flattenSchema(context, schema)).filter((found) => found !== NOTHING);
  return flat.find(({ schema }) => schema.type !== 'null') ?? flat[0] ?? NOTHING;
}

/** Properties and what is required add up. Of other keywords the whole's own say more than its parts' do. */
function merge(whole: SchemaValue, part: SchemaValue): SchemaValue {
  const merged: SchemaValue = { ...part, ...whole };
  if (part.properties !== undefined) merged.properties = { ...part.properties, ...whole.properties };
  if (part.required !== undefined) merged.required = [...part.required, ...(whole.required ?? [])];
  return merged;
}

function withoutExamples(schema: SchemaValue): SchemaValue {
  if (schema.properties === undefined) return schema;
  const { example, examples, default: fallback, ...rest } = schema;
  return rest;
}
