import { expect, test } from 'vitest';
import { FRAME_COUNTS as COUNTS_OF_A_SESSION, CreateSessionBody } from '#shared/contract/sessions.ts';
import { FRAME_COUNTS, LARGEST_ATTEMPT, settingsOf } from './settings.ts';

function settings(attributes: Record<string, string>) {
  return settingsOf((name) => attributes[name] ?? null, 'https://liveness.example');
}

test('what is left out has a default', () => {
  expect(settings({ 'session-id': 's', token: 'vst_x' })).toEqual({
    sessionId: 's',
    token: 'vst_x',
    apiUrl: 'https://liveness.example',
    frameCount: 10,
    attempt: 1,
    cameraId: null,
  });
});

test('what is given counts', () => {
  const given = settings({ 'api-url': 'https://api.example/', frames: '30', attempt: '2', camera: 'front' });
  expect(given).toMatchObject({ apiUrl: 'https://api.example', frameCount: 30, attempt: 2, cameraId: 'front' });
});

test.each(['', '0', '11', '-10', 'many', '1e9', '10.5'])('frames="%s" is ten', (frames) => {
  expect(settings({ frames }).frameCount).toBe(10);
});

test.each(['', '0', '6', '1.5', 'x'])('attempt="%s" is the first', (attempt) => {
  expect(settings({ attempt }).attempt).toBe(1);
});

test('as many frames and attempts as a session may ask for', () => {
  expect(FRAME_COUNTS).toEqual(COUNTS_OF_A_SESSION);
  const allows = (max_attempts: number) =>
    CreateSessionBody.safeParse({ action_description: 'Pay', max_attempts }).success;
  expect([allows(LARGEST_ATTEMPT), allows(LARGEST_ATTEMPT + 1)]).toEqual([true, false]);
});
