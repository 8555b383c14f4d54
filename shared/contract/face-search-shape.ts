import { z } from 'zod';
import type { AnswerShape } from './answer-shape.ts';
import { type ApiError, ERROR_STATUS, type ErrorCode } from './errors.ts';

/** Everything below it answers in the shape of the face search API, also where no route is. */
export const FACE_SEARCH_PATH = '/v2/face-recognition';

const CERTIFICATE = 'Certified by Edge Liveness';

export const Signature = z
  .object({
    message: z.literal(CERTIFICATE),
    dateTime: z.string().meta({ description: 'When it was answered, UTC.', example: 'January 16, 2026 3:44 PM' }),
  })
  .meta({ id: 'FaceSearchSignature' });

const ERROR_NAMES = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'PaymentRequired',
  'MissingParameter',
  'Conflict',
  'NotFound',
  'MethodNotAllowed',
  'PayloadTooLarge',
  'UnsupportedMediaType',
  'TooManyRequests',
  'ServiceUnavailable',
  'ERROR',
] as const;
type ErrorName = (typeof ERROR_NAMES)[number];

export const FaceSearchError = z
  .object({
    message: z.string().meta({ description: 'What went wrong; it names the parameter, in quotes.' }),
    code: z.enum(ERROR_NAMES),
  })
  .meta({ id: 'FaceSearchError' });

const OWN_STATUS: Partial<Record<ErrorCode, number>> = { token_expired: 403 };

/** By status, but that everything wrong with the request itself is a parameter that is missing or wrong: 409. */
const NAME_BY_STATUS: Record<number, ErrorName> = {
  401: 'UNAUTHORIZED',
  402: 'PaymentRequired',
  403: 'FORBIDDEN',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
};
const PARAMETER_STATUSES: readonly number[] = [400, 422];

/** Success is `{ id, data, signature }`, an error `{ message, code }`. */
export const FACE_SEARCH_SHAPE: AnswerShape = {
  success: (result, nowMs) => ({
    ...Object(result),
    signature: { message: CERTIFICATE, dateTime: dateTime(nowMs) },
  }),
  failure: (error) => ({ message: messageOf(error), code: nameOf(error.code) }),
  statusOf,
  challenge: 'Bearer',
  successSchema: (result) => (result instanceof z.ZodObject ? result.extend({ signature: Signature }) : result),
  errorSchema: FaceSearchError,
};

function statusOf(code: ErrorCode): number {
  const status = OWN_STATUS[code] ?? ERROR_STATUS[code];
  return PARAMETER_STATUSES.includes(status) ? 409 : status;
}

function nameOf(code: ErrorCode): ErrorName {
  const status = OWN_STATUS[code] ?? ERROR_STATUS[code];
  if (PARAMETER_STATUSES.includes(status)) return 'MissingParameter';
  return NAME_BY_STATUS[status] ?? 'ERROR';
}

function messageOf(error: ApiError): string {
  switch (error.code) {
    case 'invalid_key':
      return 'Authentication required';
    case 'token_expired':
      return 'token_expired';
    case 'internal_error':
      return 'internal_error';
    default:
      return 'fields' in error ? quoted(error) : error.message;
  }
}

/** Messages begin with the name of the field, which this API writes in quotes. */
function quoted({ message, fields: [first] }: ApiError & { fields: { field: string }[] }): string {
  if (first === undefined || !message.startsWith(first.field)) return message;
  return `"${first.field}"${message.slice(first.field.length)}`;
}

function dateTime(nowMs: number): string {
  const date = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(nowMs);
  const time = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(nowMs);
  // Between time and AM/PM, ICU writes a narrow space that few clients expect.
  return `${date} ${time.replaceAll('\u202f', ' ')}`;
}
