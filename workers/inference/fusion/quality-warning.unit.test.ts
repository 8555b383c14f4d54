import { expect, test } from 'vitest';
import { qualityWarning } from './quality-warning.ts';
import type { RecordingQuality } from './recording-quality.ts';

const WELL_FILMED: RecordingQuality = {
  faceShare: 0.33,
  faceSizePixels: 120,
  faceCount: 1,
  brightness: 120,
  clippedShare: 0,
  lightBalance: 0.9,
  sharpness: 10,
};
const warning = (different: Partial<RecordingQuality>, kind: 'crop' | 'frame' = 'crop') =>
  qualityWarning({ ...WELL_FILMED, ...different }, kind);

test('nothing is said of a good recording', () => {
  expect(warning({})).toBeNull();
  expect(warning({}, 'frame')).toBeNull();
});

test('a crop that is too tight, word for word, with the share that was measured', () => {
  expect(warning({ faceShare: 0.7161 })).toBe(
    'Crop appears too tight (face is 72% of image). Ensure crops include adequate margin around the face (face should be ~30% of crop).',
  );
  expect(warning({ faceShare: 0.51 })).toContain('(face is 51% of image)');
});

test('half of a crop is not too tight yet, and a whole frame never is', () => {
  expect(warning({ faceShare: 0.5 })).toBeNull();
  expect(warning({ faceShare: 0.72 }, 'frame')).toBeNull();
});

test('a small face is named in frames, not in crops, whose face is scaled', () => {
  expect(warning({ faceSizePixels: 48.4 }, 'frame')).toMatch(/small \(48 pixels\).*[Cc]loser/);
  expect(warning({ faceSizePixels: 48.4 }, 'crop')).toBeNull();
});

test.each([
  ['several faces', { faceCount: 2 }, /[Ss]everal faces/],
  ['the dark', { brightness: 20 }, /too dark/],
  ['blur', { sharpness: 1 }, /too blurred/],
])('%s: what is wrong, and what to do', (_, different, words) => {
  expect(warning(different)).toMatch(words);
  expect(warning(different, 'frame')).toMatch(words);
  // One sentence on what is wrong, one on what to do.
  expect(warning(different)?.match(/\.( |$)/g)).toHaveLength(2);
});

test('everything that is wrong is said', () => {
  const all = warning({ faceShare: 0.8, faceCount: 3, brightness: 10, sharpness: 0.5 });
  for (const words of [/too tight \(face is 80%/, /[Ss]everal faces/, /too dark/, /too blurred/])
    expect(all).toMatch(words);
});
