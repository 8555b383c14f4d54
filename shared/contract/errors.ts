import type { Scope } from './scopes.ts';

/** Every error code of the public API and the one HTTP status it is answered with. */
export const ERROR_STATUS = {
  missing_field: 400,
  validation_error: 400,
  invalid_json: 400,
  invalid_form: 400,
  invalid_model: 400,
  invalid_frame: 400,
  insufficient_frames: 400,
  invalid_video_input: 400,
  invalid_metadata: 400,
  invalid_key: 401,
  token_expired: 401,
  insufficient_credits: 402,
  account_suspended: 402,
  insufficient_scope: 403,
  tenant_mismatch: 403,
  session_token_mismatch: 403,
  origin_not_allowed: 403,
  not_found: 404,
  tenant_not_found: 404,
  submission_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  session_conflict: 409,
  session_closed: 409,
  consent_required: 409,
  idempotency_in_progress: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  rate_limit_exceeded: 429,
  internal_error: 500,
  service_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** What one code means, for the reference document. */
export const ERROR_MEANING: Record<ErrorCode, string> = {
  missing_field: 'A required field is absent.',
  validation_error: 'A field is present but not acceptable.',
  invalid_json: 'The body is not JSON.',
  invalid_form: 'The body is not a form that can be read.',
  invalid_model: 'No such model, or no such pair of `X-Model-Version` and `frame_count`.',
  invalid_frame:
    'The frame is no picture that can be read, or its `index` is beyond what the model takes. It was not counted.',
  insufficient_frames: 'Fewer frames than the model needs could be used; see `required` and `received`.',
  invalid_video_input:
    'Not exactly one of `video_file` and `video_url`, a file or an address that is not taken, or no such model.',
  invalid_metadata: 'The metadata is not a JSON object, or does not fit the schema of the organisation.',
  invalid_key: 'The credential is missing, unknown, expired or revoked.',
  token_expired: 'The bearer token, or the link of a verification session, is over; ask for another one.',
  insufficient_credits: 'The organisation has fewer credits than the work costs.',
  account_suspended: 'The organisation is suspended.',
  insufficient_scope: 'The key lacks the scope named in `required_scope`.',
  origin_not_allowed: 'The page that asks is of no allowed host of the organisation.',
  session_token_mismatch:
    'A verification token opens its own session, and of that only what the person in front of the camera needs.',
  tenant_mismatch: 'The key belongs to another organisation than the path names.',
  not_found: 'No such route, or no such resource in this organisation.',
  tenant_not_found: 'The path names no organisation.',
  submission_not_found: 'The organisation has no such submission.',
  method_not_allowed: 'The route exists, but not for this method; see `Allow`.',
  conflict: 'The resource exists already.',
  session_conflict: 'The `session_id` belongs to another check: frames, model, source or fps were different.',
  session_closed: 'The verification session is over: completed, failed, expired or cancelled.',
  consent_required: 'The session asks for the same person as before, and the person has not agreed to be compared.',
  idempotency_in_progress:
    'The first request with this `Idempotency-Key` or `session_id` is still running, or came to no answer; send it again.',
  payload_too_large: 'The body is over the limit of the route.',
  unsupported_media_type: 'The content type is not the one that the route reads.',
  idempotency_key_reused: 'The `Idempotency-Key` was used before with another request.',
  rate_limit_exceeded: 'Too many requests; wait `retry_after` seconds.',
  internal_error: 'The fault is on the server.',
  service_unavailable: 'Something that the server depends on does not answer; try again.',
};

/** One field's messages, keyed by its path (`frames.3.pixels`). */
export interface FieldMessages {
  field: string;
  messages: string[];
}

/** The members that some errors carry beside the envelope, never inside `errors`. */
export interface ErrorExtras {
  required?: number;
  received?: number;
  required_scope?: Scope;
  retry_after?: number;
  dependencies?: Record<string, string>;
}

interface Failure<Code extends ErrorCode = ErrorCode> {
  code: Code;
  message: string;
}

export type ApiError =
  | (Failure<'missing_field' | 'validation_error'> & { fields: FieldMessages[] })
  | (Failure<'invalid_metadata'> & { messages: string[] })
  | (Failure<'insufficient_scope'> & { requiredScope: Scope })
  | (Failure<'insufficient_frames'> & { required: number; received: number })
  | (Failure<'insufficient_credits'> & { required: number; available: number })
  | (Failure<'rate_limit_exceeded'> & { retryAfterSeconds: number })
  | (Failure<'method_not_allowed'> & { allow: string[] })
  | (Failure<'service_unavailable'> & { retryAfterSeconds?: number; dependencies?: Record<string, string> })
  | Failure<
      Exclude<
        ErrorCode,
        | 'missing_field'
        | 'validation_error'
        | 'invalid_metadata'
        | 'insufficient_scope'
        | 'insufficient_frames'
        | 'insufficient_credits'
        | 'rate_limit_exceeded'
        | 'method_not_allowed'
        | 'service_unavailable'
      >
    >;

/** How an `ApiError` leaves the depths: thrown anywhere below a route, translated once in `onError`. */
export class ApiFailure extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.name = 'ApiFailure';
    this.error = error;
  }
}

export function notFound(what: string): ApiFailure {
  return new ApiFailure({ code: 'not_found', message: `${what} not found` });
}

export function insufficientScope(requiredScope: Scope): ApiFailure {
  const message = `API key lacks required scope: ${requiredScope}`;
  return new ApiFailure({ code: 'insufficient_scope', message, requiredScope });
}

export function invalidField(field: string, message: string): ApiFailure {
  return new ApiFailure(validationError(field, message));
}

export function validationError(field: string, message: string): ApiError {
  return { code: 'validation_error', message, fields: [{ field, messages: [message] }] };
}

export function invalidJson(message = 'The body is not valid JSON'): ApiFailure {
  return new ApiFailure({ code: 'invalid_json', message });
}

export function payloadTooLarge(message: string): ApiFailure {
  return new ApiFailure({ code: 'payload_too_large', message });
}
