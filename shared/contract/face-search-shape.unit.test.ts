import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERROR_STATUS, type ErrorCode, invalidField } from './errors.ts';
import { FACE_SEARCH_SHAPE, FaceSearchError, Signature } from './face-search-shape.ts';
import { parseOrFail } from './validation.ts';

const { success, failure, statusOf, successSchema } = FACE_SEARCH_SHAPE;

describe('a success', () => {
  it('is what was found, signed with the time', () => {
    expect(success({ id: 'x', data: [] }, Date.UTC(2024, 0, 16, 15, 44))).toEqual({
      id: 'x',
      data: [],
      signature: { message: 'Certified by Edge Liveness', dateTime: 'January 16, 2024 3:44 PM' },
    });
  });

  it.each([
    [Date.UTC(2026, 11, 31, 0, 5), 'December 31, 2026 12:05 AM'],
    [Date.UTC(2026, 5, 1, 12, 0), 'June 1, 2026 12:00 PM'],
  ])('says when: %s', (nowMs, dateTime) => {
    expect(success({}, nowMs)).toMatchObject({ signature: { dateTime } });
  });

  it('has the signature in its schema', () => {
    const schema = successSchema(z.object({ id: z.string() }));
    const signature = { message: 'Certified by Edge Liveness', dateTime: 'x' };
    expect(schema.parse({ id: 'x', signature })).toEqual({ id: 'x', signature });
    expect(schema.safeParse({ id: 'x' }).success).toBe(false);
    expect(Signature.parse(signature)).toEqual(signature);
  });
});

describe('an error', () => {
  it.each([
    ['invalid_key', 401, 'UNAUTHORIZED'],
    ['token_expired', 403, 'FORBIDDEN'],
    ['insufficient_scope', 403, 'FORBIDDEN'],
    ['account_suspended', 402, 'PaymentRequired'],
    ['insufficient_credits', 402, 'PaymentRequired'],
    ['missing_field', 409, 'MissingParameter'],
    ['validation_error', 409, 'MissingParameter'],
    ['invalid_json', 409, 'MissingParameter'],
    ['idempotency_key_reused', 409, 'MissingParameter'],
    ['conflict', 409, 'Conflict'],
    ['idempotency_in_progress', 409, 'Conflict'],
    ['not_found', 404, 'NotFound'],
    ['method_not_allowed', 405, 'MethodNotAllowed'],
    ['payload_too_large', 413, 'PayloadTooLarge'],
    ['unsupported_media_type', 415, 'UnsupportedMediaType'],
    ['rate_limit_exceeded', 429, 'TooManyRequests'],
    ['internal_error', 500, 'ERROR'],
    ['service_unavailable', 503, 'ServiceUnavailable'],
  ] as [ErrorCode, number, string][])('%s is %d %s', (code, status, name) => {
    const error = { code, message: 'why' } as Parameters<typeof failure>[0];
    expect([statusOf(code), failure(error)]).toMatchObject([status, { code: name }]);
  });

  it('of every code has a name of this API and a status of HTTP', () => {
    for (const code of Object.keys(ERROR_STATUS) as ErrorCode[]) {
      const error = { code, message: 'why' } as Parameters<typeof failure>[0];
      expect(FaceSearchError.safeParse(failure(error)).success, code).toBe(true);
      expect(statusOf(code), code).toBeGreaterThanOrEqual(401);
    }
  });

  it('says what the documents of this API say', () => {
    expect(failure({ code: 'invalid_key', message: 'x' })).toEqual({
      message: 'Authentication required',
      code: 'UNAUTHORIZED',
    });
    expect(failure({ code: 'token_expired', message: 'x' })).toEqual({ message: 'token_expired', code: 'FORBIDDEN' });
    expect(failure({ code: 'internal_error', message: 'x' })).toEqual({ message: 'internal_error', code: 'ERROR' });
  });

  it('names the parameter in quotes', () => {
    const body = z.object({ min_score: z.number().min(0.5), images: z.array(z.string()) });
    const told = (input: unknown) => {
      try {
        parseOrFail(body, input, 'body');
      } catch (error) {
        return failure((error as ReturnType<typeof invalidField>).error);
      }
      return null;
    };
    expect(told({ images: [] })).toEqual({ message: '"min_score" is required', code: 'MissingParameter' });
    expect(told({ min_score: 0.4, images: [] })).toMatchObject({ message: '"min_score" must be at least 0.5' });
    expect(told({ min_score: 0.5, images: [1] })).toMatchObject({ message: '"images.0" must be a string' });
    const { error } = invalidField('images.2', 'images.2 shows no face');
    expect(failure(error)).toMatchObject({ message: '"images.2" shows no face' });
  });
});
