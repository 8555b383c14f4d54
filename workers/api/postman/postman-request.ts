import type { oas32 } from 'zod-openapi';
import type { ListedOperation } from './list-operations.ts';
import { openApiExample, pickMediaType } from './openapi-example.ts';
import { toPostmanForm } from './postman-form.ts';
import type { PostmanBody, PostmanParameter, PostmanRequest, PostmanUrl } from './postman-types.ts';
import { type OpenApiDocument, resolveReference } from './resolve-reference.ts';
import { textOf } from './text-of.ts';

export function toPostmanRequest(document: OpenApiDocument, listed: ListedOperation): PostmanRequest {
  const { operation } = listed;
  const parameters = parametersOf(document, listed);
  const found = bodyOf(document, operation);
  return {
    method: listed.method.toUpperCase(),
    description: [operation.deprecated ? 'Deprecated.' : '', operation.description ?? ''].filter(Boolean).join(' '),
    header: [
      ...(found?.contentType === undefined ? [] : [{ key: 'Content-Type', value: found.contentType }]),
      ...parameters.filter((parameter) => parameter.in === 'header').map((header) => toHeader(document, header)),
    ],
    url: toUrl(document, listed.path, parameters),
    ...(found && { body: found.body }),
  };
}

/** An operation's parameter replaces the path's of the same name and place. */
function parametersOf(document: OpenApiDocument, { pathItem, operation }: ListedOperation): oas32.ParameterObject[] {
  const all = [...(pathItem.parameters ?? []), ...(operation.parameters ?? [])];
  const resolved = all.map((parameter) => resolveReference(document, parameter));
  return [...new Map(resolved.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

function toUrl(document: OpenApiDocument, path: string, parameters: readonly oas32.ParameterObject[]): PostmanUrl {
  const segments = path
    .replace(/\{([^}]+)\}/g, ':$1')
    .split('/')
    .filter(Boolean);
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => toParameter(document, parameter));
  const sent = query.filter(({ disabled }) => !disabled);
  const search = sent.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}/${segments.join('/')}${search === '' ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: segments,
    query,
    variable: parameters
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => ({
        key: parameter.name,
        value: textOf(openApiExample(document, parameter, 'request')),
        description: parameter.description ?? '',
      })),
  };
}

function toHeader(document: OpenApiDocument, header: oas32.ParameterObject): PostmanParameter {
  const parameter = toParameter(document, header);
  // A fixed value would give every later request the answer to the first.
  return header.name.toLowerCase() === 'idempotency-key' ? { ...parameter, value: '{{$guid}}' } : parameter;
}

/** What need not be sent is there to be switched on. */
function toParameter(document: OpenApiDocument, parameter: oas32.ParameterObject): PostmanParameter {
  return {
    key: parameter.name,
    value: textOf(openApiExample(document, parameter, 'request')),
    description: parameter.description ?? '',
    ...(parameter.required !== true && { disabled: true }),
  };
}

interface FoundBody {
  /** Absent where Postman has to write it, since only Postman knows the boundary. */
  contentType?: string;
  body: PostmanBody;
}

function bodyOf(document: OpenApiDocument, operation: oas32.OperationObject): FoundBody | undefined {
  if (operation.requestBody === undefined) return undefined;
  const { content } = resolveReference(document, operation.requestBody);
  const picked = pickMediaType(document, content);
  if (picked?.isJson === true) {
    const example = openApiExample(document, picked.mediaType, 'request');
    const raw = JSON.stringify(example, null, 2);
    return { contentType: picked.contentType, body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } };
  }
  if (picked?.contentType === 'multipart/form-data') {
    return { body: { mode: 'formdata', formdata: toPostmanForm(document, picked.mediaType) } };
  }
  // Anything else has no example that a text field could hold.
  return undefined;
}
