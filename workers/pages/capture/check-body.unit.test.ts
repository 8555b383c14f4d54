import { expect, test } from 'vitest';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { checkBody } from './check-body.ts';
import { settingsOf } from './settings.ts';

const SESSION_ID = '550e8400-e29b-41d4-a716-446655440000';
const SETTINGS = settingsOf(
  (name) => ({ 'session-id': SESSION_ID, attempt: '2' })[name] ?? null,
  'https://api.example',
);
const CROPS = [{ index: 0, pixels: 'iVBORw0KGgo=' }];

test('the body is what the contract reads', () => {
  const body: unknown = JSON.parse(
    checkBody(SETTINGS, { crops: CROPS, fps: 11.98, hints: new Set(['too_far', 'no_face']) }),
  );
  expect(FastCheckCropsBody.parse(body)).toMatchObject({
    session_id: SESSION_ID,
    attempt: 2,
    source: 'live',
    crops: CROPS,
    fps: 11.98,
    warnings: ['too_far', 'no_face'],
    diagnostics: true,
  });
});

test('a rate that is not known is left out, and no warnings are none', () => {
  const body: unknown = JSON.parse(checkBody(SETTINGS, { crops: CROPS, fps: null, hints: new Set() }));
  expect(body).not.toHaveProperty('fps');
  expect(FastCheckCropsBody.parse(body).warnings).toBeNull();
});
