import type { oas32 } from 'zod-openapi';
import { flattenSchema, NOTHING } from './flatten-schema.ts';
import { openApiExample } from './openapi-example.ts';
import type { PostmanFormField } from './postman-types.ts';
import type { OpenApiDocument } from './resolve-reference.ts';
import { textOf } from './text-of.ts';

/** The fields of a `multipart/form-data` body. A file is left for the user to pick; a text that need not be sent is off. */
export function toPostmanForm(document: OpenApiDocument, { schema }: oas32.MediaTypeObject): PostmanFormField[] {
  const form = schema === undefined ? NOTHING : flattenSchema({ document, inside: [] }, schema);
  if (form === NOTHING) return [];
  return Object.entries(form.schema.properties ?? {}).flatMap(([key, property]): PostmanFormField[] => {
    const flat = flattenSchema({ document, inside: form.inside }, property);
    if (flat === NOTHING || flat.schema.readOnly === true) return [];
    const description = flat.schema.description ?? '';
    if (isFile(flat.schema)) return [{ key, type: 'file', src: [], description }];
    const value = textOf(openApiExample(document, { schema: property }, 'request'));
    const isRequired = form.schema.required?.includes(key) === true;
    return [{ key, type: 'text', value, description, ...(!isRequired && { disabled: true }) }];
  });
}

/** As OpenAPI 3.1 writes it, or as 3.0 did and most tools still do. */
function isFile({ format, contentEncoding, contentMediaType }: oas32.SchemaObjectValue): boolean {
  return format === 'binary' || contentEncoding === 'binary' || contentMediaType !== undefined;
}
