import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { findPulse } from './pulse.ts';

const FPS = 30;
const SKIN = [180, 130, 110];
/** How much the blood changes red, green and blue: least in red, most in green. */
const BLOOD = [0.33, 0.77, 0.53];

interface Plan {
  seconds: number;
  fps?: number;
  hertz?: number;
  /** Of the mean, at its height. */
  pulse?: number;
  /** Light that changes all channels alike, and how quickly. */
  light?: number;
  lightHertz?: number;
  noise?: number;
}

function film({
  seconds,
  fps = FPS,
  hertz = 1.2,
  pulse = 0,
  light = 0,
  lightHertz = 0.9,
  noise = 0,
}: Plan): Float32Array[] {
  const random = seededRandom(21);
  return Array.from({ length: Math.round(seconds * fps) }, (_, frame) => {
    const beat = pulse * Math.sin((2 * Math.PI * hertz * frame) / fps);
    const lamp = 1 + light * Math.sin((2 * Math.PI * lightHertz * frame) / fps);
    // Three regions of skin, each with noise of its own.
    return Float32Array.from({ length: 9 }, (__, at) => {
      const [mean = 0, share = 0] = [SKIN[at % 3], BLOOD[at % 3]];
      return mean * lamp * (1 + beat * share) + noise * (random() - 0.5);
    });
  });
}

test.each([
  [48, 30],
  [72, 30],
  [72, 15],
  [110, 24],
])('a pulse of %i a minute at %i frames a second', (beatsPerMinute, fps) => {
  const found = findPulse(film({ seconds: 8, fps, hertz: beatsPerMinute / 60, pulse: 0.01, noise: 0.5 }), fps);
  expect(Math.abs((found?.beatsPerMinute ?? 0) - beatsPerMinute)).toBeLessThanOrEqual(3);
  expect(found?.signalToNoiseDb).toBeGreaterThan(3);
});

test('light that changes all colours alike is not taken for it, and hides little of it', () => {
  const found = findPulse(film({ seconds: 8, pulse: 0.01, light: 0.03, noise: 0.2 }), FPS);
  expect(Math.abs((found?.beatsPerMinute ?? 0) - 72)).toBeLessThanOrEqual(3);
  expect(found?.signalToNoiseDb).toBeGreaterThan(5);
});

test('noise has no rhythm to speak of', () => {
  const noise = findPulse(film({ seconds: 8, noise: 2 }), FPS);
  const beat = findPulse(film({ seconds: 8, noise: 2, pulse: 0.02 }), FPS);
  expect(noise?.signalToNoiseDb).toBeLessThan(0);
  expect(beat?.signalToNoiseDb).toBeGreaterThan((noise?.signalToNoiseDb ?? 0) + 5);
});

test.each([
  ['too short', film({ seconds: 4.9, pulse: 0.02 }), FPS],
  ['of unknown rate', film({ seconds: 8, pulse: 0.02 }), null],
  ['too slow for any pulse', film({ seconds: 20, fps: 5, pulse: 0.02 }), 5],
  ['of a still that never changes', film({ seconds: 8 }), FPS],
  ['without frames', [], FPS],
])('none of a recording %s', (_, frames, fps) => {
  expect(findPulse(frames, fps)).toBeNull();
});

test('five seconds are just enough', () => {
  expect(findPulse(film({ seconds: 5, pulse: 0.02 }), FPS)).not.toBeNull();
});

test('skin that is black, as beyond the edge of a picture, is no error', () => {
  const black = film({ seconds: 6 }).map((colours) => colours.fill(0));
  expect(findPulse(black, FPS)).toBeNull();
});
