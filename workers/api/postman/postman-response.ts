import type { oas32 } from 'zod-openapi';
import { openApiExample, pickMediaType } from './openapi-example.ts';
import type { PostmanRequest, PostmanResponse } from './postman-types.ts';
import { type OpenApiDocument, resolveReference } from './resolve-reference.ts';

const STATUS_TEXT: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
};

/** What success looks like, one saved answer for each 2xx; failures are in the document. */
export function toPostmanResponses(
  document: OpenApiDocument,
  operation: oas32.OperationObject,
  originalRequest: PostmanRequest,
): Omit<PostmanResponse, 'id'>[] {
  return Object.entries(operation.responses ?? {})
    .filter(([status]) => /^2\d\d$/.test(status))
    .map(([status, value]) => {
      const response = resolveReference<oas32.ResponseObject>(document, value);
      const picked = pickMediaType(document, response.content ?? {});
      const isJson = picked?.isJson === true;
      return {
        name: [status, response.description].filter(Boolean).join(' '),
        originalRequest,
        status: STATUS_TEXT[status] ?? '',
        code: Number(status),
        _postman_previewlanguage: isJson ? 'json' : 'text',
        header: picked === undefined ? [] : [{ key: 'Content-Type', value: picked.contentType }],
        cookie: [],
        body: isJson ? JSON.stringify(openApiExample(document, picked.mediaType, 'response'), null, 2) : '',
      };
    });
}
