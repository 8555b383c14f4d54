import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { ErrorEnvelope } from '#shared/contract/envelope.ts';
import { ERROR_MEANING } from '#shared/contract/errors.ts';
import { SessionParams } from '#shared/contract/sessions.ts';

/** What the gateway serves beside the API: documents, in formats of their own, without the envelope. */
export const DOCUMENTS = [
  {
    path: '/openapi.json',
    id: 'readOpenApiDocument',
    summary: 'This document',
    contentType: 'application/json',
    schema: z.object({ openapi: z.string() }).loose(),
  },
  {
    path: '/postman.json',
    id: 'readPostmanCollection',
    summary: 'The API as a Postman collection',
    contentType: 'application/json',
    schema: z.object({ info: z.object({ name: z.string() }).loose() }).loose(),
  },
  {
    path: '/docs',
    id: 'readReference',
    summary: 'The interactive reference',
    contentType: 'text/html',
    schema: z.string(),
  },
] as const;

export function describeDocument(document: (typeof DOCUMENTS)[number]): ZodOpenApiOperationObject {
  return {
    operationId: document.id,
    tags: ['Documentation'],
    summary: document.summary,
    description: 'Asks for a user and a password where the deployment sets `DOCS_BASIC_AUTH`.',
    security: [],
    responses: {
      '200': { description: document.summary, content: { [document.contentType]: { schema: document.schema } } },
      '401': {
        description: `\`invalid_key\`: ${ERROR_MEANING.invalid_key}`,
        content: { 'application/json': { schema: ErrorEnvelope } },
      },
    },
  };
}

/** What everybody may read, also where the reference asks for a password. */
export const OPEN_DOCUMENTS = [
  {
    path: '/.well-known/jwks.json',
    id: 'readKeySet',
    tag: 'Sessions',
    summary: 'The keys that attestations are verified with',
    contentType: 'application/jwk-set+json',
    schema: z.object({ keys: z.array(z.object({ kid: z.string(), kty: z.string() }).loose()) }),
    params: undefined,
  },
  {
    path: '/verify/{session_id}',
    id: 'readVerificationPage',
    tag: 'Sessions',
    summary: 'The page that the link of a session leads to',
    contentType: 'text/html',
    schema: z.string(),
    params: SessionParams,
  },
] as const;

export function describeOpenDocument(document: (typeof OPEN_DOCUMENTS)[number]): ZodOpenApiOperationObject {
  return {
    operationId: document.id,
    tags: [document.tag],
    summary: document.summary,
    security: [],
    ...(document.params && { requestParams: { path: document.params } }),
    responses: {
      '200': { description: document.summary, content: { [document.contentType]: { schema: document.schema } } },
    },
  };
}
