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
  [409, 'session_conflict', 'session_conflict'],
  [409, 'consent_required', 'consent_required'],
  [400, 'insufficient_frames', 'rejected'],
  [402, 'insufficient_credits', 'unavailable'],
  [402, 'account_suspended', 'unavailable'],
  [413, 'payload_too_large', 'rejected'],
  [404, null, 'unauthorised'],
] as const)('the API says %i %s: %s', (status, errorCode, code) => {
  expect(answerFailure(status, errorCode, 'why')).toMatchObject({ code, message: expect.stringContaining('why') });
});
