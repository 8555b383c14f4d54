import { z } from 'zod';
import type { AnswerShape } from './answer-shape.ts';
import { type ApiError, ERROR_STATUS, type ErrorExtras } from './errors.ts';
import { SCOPES } from './scopes.ts';

export function successEnvelope<Data extends z.ZodType>(data: Data) {
  return z.object({ data, success: z.literal(true), message: z.literal('OK') });
}

export const ErrorEnvelope = z
  .object({
    data: z.null(),
    success: z.literal(false),
    message: z.string().meta({ description: 'What went wrong, for a person.' }),
    errors: z
      .array(z.record(z.string(), z.array(z.string())))
      .meta({ description: 'One entry per problem: the error code, or the path of the field, with its messages.' }),
    required: z.int().optional(),
    received: z.int().optional(),
    required_scope: z.enum(SCOPES).optional(),
    retry_after: z.int().optional().meta({ description: 'Seconds to wait.' }),
    dependencies: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Error' });
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;

export function success<Data>(data: Data): { data: Data; success: true; message: 'OK' } {
  return { data, success: true, message: 'OK' };
}

export function failure(error: ApiError): ErrorEnvelope {
  return { data: null, success: false, message: error.message, errors: problemsOf(error), ...extrasOf(error) };
}

/** The shape of everything below `/api` and of `/health`. */
export const ENVELOPE: AnswerShape = {
  success,
  failure,
  statusOf: (code) => ERROR_STATUS[code],
  challenge: 'ApiKey',
  successSchema: successEnvelope,
  errorSchema: ErrorEnvelope,
};

function problemsOf(error: ApiError): Record<string, string[]>[] {
  if ('fields' in error) return error.fields.map(({ field, messages }) => ({ [field]: messages }));
  return [{ [error.code]: 'messages' in error ? error.messages : [error.message] }];
}

function extrasOf(error: ApiError): ErrorExtras {
  switch (error.code) {
    case 'insufficient_scope':
      return { required_scope: error.requiredScope };
    case 'insufficient_frames':
      return { required: error.required, received: error.received };
    case 'rate_limit_exceeded':
      return { retry_after: error.retryAfterSeconds };
    case 'service_unavailable':
      return error.dependencies ? { dependencies: error.dependencies } : {};
    default:
      return {};
  }
}
