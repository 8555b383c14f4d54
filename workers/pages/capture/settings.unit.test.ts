import { expect, test } from 'vitest';
import { languageOf, settingsOf } from './settings.ts';

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

test('the language is the first that we speak', () => {
  expect(languageOf('es-MX', 'en')).toBe('es');
  expect(languageOf(null, 'ES')).toBe('es');
  expect(languageOf('fr', 'es')).toBe('es');
  expect(languageOf('fr', '')).toBe('en');
});
