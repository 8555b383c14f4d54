import type { oas32 } from 'zod-openapi';

export type OpenApiDocument = oas32.OpenAPIObject;
export type ReferenceObject = oas32.ReferenceObject;

/** What a `$ref` into the same document stands for; anything else is itself. Throws for a reference that leads nowhere. */
export function resolveReference<T extends object>(document: OpenApiDocument, value: T | ReferenceObject): T {
  let at: T | ReferenceObject = value;
  const visited = new Set<string>();
  while (isReference(at)) {
    if (visited.has(at.$ref)) throw new Error(`${at.$ref} refers to itself`);
    visited.add(at.$ref);
    at = lookUp<T>(document, at.$ref);
  }
  return at;
}

export function isReference(value: object): value is ReferenceObject {
  return '$ref' in value && typeof value.$ref === 'string';
}

/** RFC 6901, in its URI fragment form. */
function lookUp<T>(document: OpenApiDocument, reference: string): T {
  if (!reference.startsWith('#/')) throw new Error(`${reference} is outside the document`);
  let at: unknown = document;
  for (const token of reference.slice(2).split('/')) {
    const key = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  }
  if (typeof at !== 'object' || at === null) throw new Error(`${reference} leads nowhere`);
  return at as T;
}
