import { expect, test } from 'vitest';
import { answerFailure, cameraFailure } from './failures.ts';

test.each([
  ['NotAllowedError', 'camera_denied'],
  ['SecurityError', 'camera_denied'],
  ['NotFoundError', 'camera_missing'],
  ['OverconstrainedError', 'camera_missing'],
  ['NotReadableError', 'camera_busy'],
  ['AbortError', 'camera_busy'],
  ['TypeError', 'not_supported'],
  ['constructor', 'camera_busy'],
])('the camera says %s: %s', (name, code) => {
  expect(cameraFailure(name, 'why')).toMatchObject({ code, message: `${name}: why` });
});

test.each([
  [409, 'session_closed', 'session_closed'],
  [401, 'token_expired', 'token_expired'],
  [403, 'token_expired', 'token_expired'],
  [401, 'invalid_key', 'unauthorised'],
  [403, 'session_token_mismatch', 'unauthorised'],
  [403, 'insufficient_scope', 'unauthorised'],
  [403, null, 'unauthorised'],
  [409, 'session_conflict', 'rejected'],
  [409, 'consent_required', 'rejected'],
  [400, 'insufficient_frames', 'rejected'],
  [402, 'insufficient_credits', 'rejected'],
  [413, 'payload_too_large', 'rejected'],
  [404, null, 'rejected'],
] as const)('the API says %i %s: %s', (status, errorCode, code) => {
  expect(answerFailure(status, errorCode, 'why')).toMatchObject({ code, message: expect.stringContaining('why') });
});
