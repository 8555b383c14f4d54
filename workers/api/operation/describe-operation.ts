import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiRequestBodyObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { ENVELOPE } from '#shared/contract/envelope.ts';
import { ERROR_MEANING, type ErrorCode } from '#shared/contract/errors.ts';
import { StreamedForm } from './multipart-form.ts';
import type { Access, Operation } from './operation.ts';
import { Streamed } from './streamed-body.ts';

const RequestIdHeader = z.string().meta({ description: 'Names this request in the logs.' });
const RetryAfterHeader = z.string().regex(/^\d+$/).meta({ description: 'Seconds to wait.', example: '17' });
const RateLimitHeaders = z.object({
  'RateLimit-Policy': z
    .string()
    .meta({ description: 'The quota and its window in seconds.', example: '"per-key";q=240;w=60' }),
  RateLimit: z
    .string()
    .meta({ description: 'What is left, and seconds until it is whole.', example: '"per-key";r=239;t=60' }),
});

const SECURITY: Record<Access, Record<string, string[]>[]> = {
  public: [],
  key: [{ apiKey: [] }],
  key_or_app: [{ apiKey: [] }, { appToken: [] }],
  bearer: [{ bearer: [] }, { apiKey: [] }],
};

const IdempotencyKeyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'Repeat a request with the same value and you get the first answer again, for 24 hours.',
    example: '8f14e45f-ceea-467f-a8c5-3d1f2b0c9a11',
  }),
});

/** One operation of the OpenAPI document, from what `performOperation` enforces. */
export function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const header = z.object({ ...(operation.creates && IdempotencyKeyHeader.shape), ...operation.headers?.shape });
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, describeScope(operation)].filter(Boolean).join(' '),
    security: SECURITY[operation.access],
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...(Object.keys(header.shape).length > 0 && { header }),
    },
    ...(operation.body && { requestBody: describeBody(operation.body) }),
    responses: { [operation.success.status]: describeSuccess(operation), ...describeErrors(operation) },
  };
}

function describeScope({ scope, sessionToken }: Operation): string {
  const needed = scope ? `Needs the scope \`${scope}\`.` : '';
  const token = sessionToken
    ? 'The verification token of a session is taken as a key, for that session, and needs no scope.'
    : '';
  return [needed, token].filter(Boolean).join(' ');
}

function describeBody(body: z.ZodType | Streamed): ZodOpenApiRequestBodyObject {
  if (!(body instanceof Streamed)) return { required: true, content: { 'application/json': { schema: body } } };
  const { schema, mediaType } = body;
  if (!(body instanceof StreamedForm)) return { required: true, content: { [mediaType]: { schema } } };
  const files = Object.entries(body.files).map(([field, contentType]) => [field, { contentType }]);
  return { required: true, content: { [mediaType]: { schema, encoding: Object.fromEntries(files) } } };
}

/** On an answer that came after the count, that is, neither on a refused key nor on a fault. */
const QUOTA_STATUSES = new Set([400, 404, 409, 413, 415, 422, 429]);

/** On an error that an operation's own work can end in. */
const ANNOUNCED_STATUSES = new Set([400, 402, 409, 413, 422, 503]);

const ReplayedHeader = z
  .literal('true')
  .optional()
  .meta({ description: 'This is the first answer to the same `Idempotency-Key`, given again.' });

function describeSuccess({ success, access, creates, answerHeaders, shape = ENVELOPE }: Operation) {
  return {
    description: success.description,
    headers: z.object({
      'X-Request-Id': RequestIdHeader,
      ...(access === 'public' ? {} : RateLimitHeaders.shape),
      ...(creates ? { 'Idempotency-Replayed': ReplayedHeader } : {}),
      ...answerHeaders?.shape,
    }),
    content: { 'application/json': { schema: shape.successSchema(success.data) } },
  };
}

function describeErrors(operation: Operation): ZodOpenApiResponsesObject {
  const { statusOf, errorSchema } = operation.shape ?? ENVELOPE;
  const byStatus = Map.groupBy(errorCodesOf(operation), statusOf);
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[`${status}` as `4${string}`] = {
      description: codes.map((code) => `\`${code}\`: ${ERROR_MEANING[code]}`).join(' '),
      headers: z.object({
        'X-Error-Code': z.enum(codes),
        'X-Request-Id': RequestIdHeader,
        ...(status === 401
          ? { 'WWW-Authenticate': z.string().meta({ description: 'Which credential is wanted.' }) }
          : {}),
        ...(status === 429 || status === 503 ? { 'Retry-After': RetryAfterHeader } : {}),
        ...(operation.access !== 'public' && QUOTA_STATUSES.has(status) ? RateLimitHeaders.shape : {}),
        ...(operation.creates && status === 409 ? { 'Idempotency-Replayed': ReplayedHeader } : {}),
        ...(ANNOUNCED_STATUSES.has(status) ? operation.answerHeaders?.shape : {}),
      }),
      content: { 'application/json': { schema: errorSchema } },
    };
  }
  return responses;
}

/** What can go wrong follows from what the operation asks for; an operation adds only what its own work can meet. */
export function errorCodesOf(operation: Operation): ErrorCode[] {
  const authenticated: ErrorCode[] = ['invalid_key', 'account_suspended', 'rate_limit_exceeded', 'service_unavailable'];
  return [
    ...new Set<ErrorCode>([
      ...(operation.access === 'public' ? [] : authenticated),
      ...(operation.access === 'bearer' ? (['token_expired'] as const) : []),
      ...(operation.sessionToken ? (['token_expired', 'session_token_mismatch'] as const) : []),
      ...(operation.scope ? (['insufficient_scope'] as const) : []),
      ...(operation.tenantScoped ? (['tenant_mismatch', 'tenant_not_found'] as const) : []),
      ...(operation.params || operation.query ? (['validation_error'] as const) : []),
      ...(operation.body
        ? ([
            'missing_field',
            'validation_error',
            operation.body instanceof StreamedForm ? 'invalid_form' : 'invalid_json',
            'payload_too_large',
            'unsupported_media_type',
          ] as const)
        : []),
      ...(operation.creates ? (['idempotency_in_progress', 'idempotency_key_reused'] as const) : []),
      ...(operation.errors ?? []),
      'internal_error',
    ]),
  ];
}
