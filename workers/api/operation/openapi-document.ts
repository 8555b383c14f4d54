import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { DOCUMENTS, describeDocument, describeOpenDocument, OPEN_DOCUMENTS } from '../routes/documents/documents.ts';
import { VERSION } from '../version.ts';
import { describeOperation } from './describe-operation.ts';
import type { Operation } from './operation.ts';

export type OpenApiDocument = ReturnType<typeof createOpenApiDocument>;

const DESCRIPTION = `Liveness and face search on your own Cloudflare account.

Every JSON answer below \`/api\` and of \`/health\` is \`{ data, success, message }\`; an error adds \`errors\` and the
header \`X-Error-Code\`. Face search, below \`/v2/face-recognition\`, answers \`{ id, data, signature }\` and
\`{ message, code }\`. Checks are made in this order: key (401), suspension (402), scope (403), rate limit (429), request
(400), credits (402), work.`;

/** The OpenAPI 3.1 document of exactly these operations. `servers` is left to the reader: the same origin. */
export function createOpenApiDocument(operations: readonly Operation[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describeOperation(operation),
    };
  }
  for (const document of DOCUMENTS) paths[document.path] = { get: describeDocument(document) };
  for (const document of OPEN_DOCUMENTS) paths[document.path] = { get: describeOpenDocument(document) };
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Edge Liveness API',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that this document comes from.' }],
    tags: [...new Set([...operations.map((operation) => operation.tag), 'Documentation'])].map((name) => ({ name })),
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key of your organisation.' },
        appToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token that the deployment shares with its applications.',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of your organisation, or a token from `POST /api/v1/tokens`.',
        },
      },
    },
    paths,
  });
}
