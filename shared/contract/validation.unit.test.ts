import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ApiError, ApiFailure } from './errors.ts';
import { parseOrFail } from './validation.ts';

function errorOf(schema: z.ZodType, input: unknown): ApiError {
  try {
    parseOrFail(schema, input, 'body');
  } catch (error) {
    if (error instanceof ApiFailure) return error.error;
  }
  throw new Error('it was accepted');
}

const Frames = z.strictObject({
  session_id: z.uuid(),
  source: z.enum(['live', 'media']).default('media'),
  fps: z.number().positive().max(120).optional(),
  frames: z.array(z.object({ index: z.int().min(0), pixels: z.string().min(1) })).min(1),
});
const valid = { session_id: '550e8400-e29b-41d4-a716-446655440000', frames: [{ index: 0, pixels: 'x' }] };

describe('parseOrFail', () => {
  it('gives the parsed value', () => {
    expect(parseOrFail(Frames, valid, 'body')).toEqual({ ...valid, source: 'media' });
  });

  it.each([
    ['a missing field', {}, 'missing_field', 'session_id is required'],
    [
      'a missing field deep inside',
      { ...valid, frames: [{ index: 0, pixels: 'x' }, { index: 1 }] },
      'missing_field',
      'frames.1.pixels is required',
    ],
    ['null', { ...valid, session_id: null }, 'validation_error', 'session_id must be a string'],
    ['a wrong format', { ...valid, session_id: '1' }, 'validation_error', 'session_id must be a valid uuid'],
    ['a wrong choice', { ...valid, source: 'tv' }, 'validation_error', 'source must be one of live, media'],
    ['too much', { ...valid, fps: 121 }, 'validation_error', 'fps must be at most 120'],
    ['too few', { ...valid, frames: [] }, 'validation_error', 'frames must have at least 1 item'],
    [
      'too short',
      { ...valid, frames: [{ index: 0, pixels: '' }] },
      'validation_error',
      'frames.0.pixels must have at least 1 character',
    ],
    [
      'half a number',
      { ...valid, frames: [{ index: 0.5, pixels: 'x' }] },
      'validation_error',
      'frames.0.index must be an integer',
    ],
    ['a number that is none', { ...valid, fps: Number.NaN }, 'validation_error', 'fps must be a number'],
    ['an unknown field', { ...valid, frame: 1 }, 'validation_error', 'frame is not a known field'],
    ['text for the whole', 'x', 'validation_error', 'body must be an object'],
    ['nothing for the whole', undefined, 'validation_error', 'body must be an object'],
  ])('%s', (_name, input, code, message) => {
    expect(errorOf(Frames, input)).toMatchObject({ code, message });
  });

  it('keeps one entry per field, the code of the first problem, and is not fooled by inherited names', () => {
    const Named = z.object({ constructor: z.string(), toString: z.string(), n: z.number() });
    const error = errorOf(Named, { n: 'x' });
    expect(error).toMatchObject({ code: 'missing_field', message: 'constructor is required' });
    expect('fields' in error && error.fields.map(({ field }) => field)).toEqual(['constructor', 'toString', 'n']);
  });
});
