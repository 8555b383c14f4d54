import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURES } from '../capture/failures.ts';
import { captureEventOf } from './capture-event.ts';
import { API_ADVICE, MESSAGES, sayAdvice } from './messages.ts';
import { FAULTS } from './page-state.ts';

/** Every sentence, with what can be put into it. */
function sentencesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return sentencesOf(value(2, 3));
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(sentencesOf);
}

/** Which members there are, all the way down: lists may be of other lengths. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return Array.isArray(value) ? 'list' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

describe('messages', () => {
  it('say the same in each language, in other words', () => {
    expect(shapeOf(MESSAGES.es)).toEqual(shapeOf(MESSAGES.en));
    const english = new Set(sentencesOf(MESSAGES.en));
    expect(sentencesOf(MESSAGES.es).filter((sentence) => english.has(sentence))).toEqual([]);
    expect(sentencesOf(MESSAGES.es)).toHaveLength(english.size + repeatedIn(sentencesOf(MESSAGES.en)));
  });

  it.each(['en', 'es'] as const)('leave nothing empty and hold no markup: %s', (language) => {
    for (const sentence of sentencesOf(MESSAGES[language])) expect.soft(sentence).toMatch(/^[^<>]*\S[^<>]*$/);
  });

  it.each(FAULTS)('explain %s and say what to do', (fault) => {
    for (const { faults } of Object.values(MESSAGES)) expect(faults[fault].steps.length).toBeGreaterThan(0);
  });

  it('name the browsers in which a camera can be allowed', () => {
    for (const { faults } of Object.values(MESSAGES)) {
      const steps = faults.camera_denied.steps.join(' ');
      for (const browser of ['Chrome', 'Safari', 'Firefox']) expect(steps).toContain(browser);
    }
  });
});

describe('advice', () => {
  it('is known as the API gives it', async () => {
    const source = await readFile(join(import.meta.dirname, '../../inference/fusion/cue-readings.ts'), 'utf8');
    const given = [...source.matchAll(/advice: '([^']+)'/g)].map(([, sentence]) => sentence);
    expect([...API_ADVICE].sort()).toEqual(given.sort());
  });

  it('is said in the language of the page, each once, and else as it came', () => {
    const advice = ['Come closer to the camera.', 'Something new.', 'Come closer to the camera.'];
    expect(sayAdvice(MESSAGES.es, advice)).toEqual(['Acérquese a la cámara.', 'Something new.']);
  });
});

it('no failure of the element is unknown here', () => {
  for (const code of Object.keys(FAILURES)) {
    expect(captureEventOf('liveness-error', { code }, true)).toMatchObject({ failure: code });
  }
});

function repeatedIn(sentences: string[]): number {
  return sentences.length - new Set(sentences).size;
}
