import type { oas32 } from 'zod-openapi';
import { type OpenApiDocument, resolveReference } from './resolve-reference.ts';
import { type Direction, schemaExample } from './schema-example.ts';

/** A parameter or a media type. */
interface Exemplified {
  example?: unknown;
  examples?: oas32.ExamplesObject;
  schema?: oas32.SchemaObject | oas32.ReferenceObject;
}

/** Examples beside the schema come before those in it: they were written for this very place. */
export function openApiExample(document: OpenApiDocument, holder: Exemplified, direction: Direction): unknown {
  if ('example' in holder) return holder.example;
  for (const named of Object.values(holder.examples ?? {})) {
    const { value } = resolveReference<oas32.ExampleObject>(document, named);
    if (value !== undefined) return value;
  }
  return holder.schema === undefined ? null : schemaExample(document, holder.schema, direction);
}

export interface PickedMediaType {
  contentType: string;
  isJson: boolean;
  mediaType: oas32.MediaTypeObject;
}

/** JSON if it is offered, else the first. */
export function pickMediaType(document: OpenApiDocument, content: oas32.ContentObject): PickedMediaType | undefined {
  const offered = Object.entries(content).map(([contentType, value]) => ({
    contentType,
    isJson: /^application\/([\w.-]+\+)?json\b/i.test(contentType),
    mediaType: resolveReference<oas32.MediaTypeObject>(document, value),
  }));
  return offered.find(({ isJson }) => isJson) ?? offered[0];
}
