import type { OpenApiDocument } from './resolve-reference.ts';

/** A small OpenAPI 3.1 document written by hand: one of everything that the Postman collection and the reference page must handle. */
export const SAMPLE_OPENAPI: OpenApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Sample Liveness API', version: '1.2.3', description: 'A **sample** document.\n\nSecond paragraph.' },
  servers: [{ url: '/' }],
  tags: [
    { name: 'Checks', description: 'Run a check.' },
    { name: 'Operations', description: 'Is it up?' },
  ],
  security: [{ apiKey: [] }],
  paths: {
    '/api/v1/checks': {
      post: {
        operationId: 'createCheck',
        tags: ['Checks'],
        summary: 'Run a check',
        description: 'Sends `frames` and answers with a verdict.',
        parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/CheckRequest' } } },
        },
        responses: {
          '201': {
            description: 'The verdict',
            headers: { 'X-Request-Id': { description: 'For the logs', schema: { type: 'string', example: 'req_1' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Check' } } },
          },
          '400': {
            description: 'Refused',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
      get: {
        operationId: 'listChecks',
        tags: ['Checks'],
        summary: 'List checks',
        parameters: [
          { name: 'limit', in: 'query', description: 'Page size', schema: { type: 'integer', default: 20 } },
          { name: 'model', in: 'query', required: true, schema: { $ref: '#/components/schemas/Model' } },
          { name: 'labels', in: 'query', schema: { type: 'array', items: { type: 'string' } }, example: ['a', 'b'] },
        ],
        responses: {
          '200': {
            description: 'A page',
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Check' } } },
            },
          },
        },
      },
    },
    '/api/v1/checks/{checkId}': {
      parameters: [
        {
          name: 'checkId',
          in: 'path',
          required: true,
          description: 'Which check',
          schema: { type: 'string', format: 'uuid' },
          example: '11111111-2222-4333-8444-555555555555',
        },
      ],
      get: {
        operationId: 'getCheck',
        tags: ['Checks'],
        summary: 'One check',
        security: [{ appToken: [] }, { apiKey: [] }],
        responses: {
          '200': {
            description: 'The check',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Check' } } },
          },
        },
      },
      delete: {
        operationId: 'deleteCheck',
        tags: ['Checks'],
        summary: 'Forget a check',
        deprecated: true,
        parameters: [
          { name: 'checkId', in: 'path', required: true, description: 'The one to forget', schema: { const: 'mine' } },
        ],
        security: [{ appToken: [] }],
        responses: { '204': { description: 'Gone' } },
      },
    },
    '/health': {
      get: {
        operationId: 'health',
        tags: ['Operations'],
        summary: 'Is it up?',
        security: [],
        responses: {
          '200': {
            description: 'Up',
            content: { 'application/json': { example: { status: 'ok' }, schema: { type: 'object' } } },
          },
        },
      },
    },
    '/bodies': {
      patch: {
        operationId: 'otherBodies',
        tags: ['Undeclared'],
        summary: 'Other kinds of body',
        requestBody: { $ref: '#/components/requestBodies/Named' },
        responses: { '202': { description: 'Later', content: { 'text/plain': { schema: { type: 'string' } } } } },
      },
    },
    '/untagged': { put: { summary: 'No tag and no operationId', responses: { default: { description: 'Whatever' } } } },
  },
  components: {
    securitySchemes: {
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      appToken: { type: 'http', scheme: 'bearer' },
    },
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'Makes a retry safe',
        schema: { type: 'string' },
      },
    },
    requestBodies: {
      Named: {
        content: {
          'text/plain': { schema: { type: 'string' } },
          'application/merge-patch+json': {
            schema: { type: 'object' },
            examples: { first: { summary: 'By name', value: { from: 'a named example' } } },
          },
        },
      },
    },
    schemas: {
      Model: { type: 'string', enum: ['fast', 'thorough'] },
      Frame: {
        type: 'object',
        required: ['index', 'pixels'],
        properties: {
          index: { type: 'integer', minimum: 0 },
          pixels: { type: 'string', contentEncoding: 'base64', examples: ['AAAA'] },
        },
      },
      CheckRequest: {
        type: 'object',
        required: ['session_id', 'model', 'source', 'frames'],
        properties: {
          session_id: { type: 'string', format: 'uuid', description: 'Chosen by you' },
          model: { $ref: '#/components/schemas/Model' },
          source: { const: 'live' },
          frames: { type: 'array', minItems: 2, items: { $ref: '#/components/schemas/Frame' } },
          callback: { type: 'string', format: 'uri' },
          note: { anyOf: [{ type: 'string', example: 'hello' }, { type: 'null' }] },
        },
      },
      Check: {
        allOf: [
          { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } },
          {
            type: 'object',
            properties: {
              verdict: { oneOf: [{ const: 'live' }, { const: 'fake' }] },
              score: { type: ['number', 'null'], minimum: 0.5 },
              created_at: { type: 'string', format: 'date-time' },
              parent: { $ref: '#/components/schemas/Check' },
            },
          },
        ],
      },
      Problem: { type: 'object', properties: { code: { type: 'string', example: 'invalid' } } },
    },
  },
};
