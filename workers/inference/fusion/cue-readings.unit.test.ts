import { expect, test } from 'vitest';
import { faceEvidence } from '../testing/evidence.ts';
import { cueReadings } from './cue-readings.ts';
import { fuse } from './fuse.ts';
import type { RecordingQuality } from './recording-quality.ts';
import { liveEvidence, motionOf, PLAIN_MODEL } from './testing/plain-fusion.ts';

const WELL_FILMED: RecordingQuality = { ...faceEvidence().quality, faceCount: 1 };

function readingsOf(evidence = liveEvidence(), quality: RecordingQuality | null = WELL_FILMED) {
  const readings = cueReadings(evidence, quality, fuse(evidence, PLAIN_MODEL));
  return Object.fromEntries(readings.map((reading) => [reading.cue, reading]));
}

test('a good recording of a live person: both sides speak for life, and nothing is advised', () => {
  const readings = readingsOf();
  expect([readings.texture?.speaksFor, readings.motion?.speaksFor]).toEqual(['live', 'live']);
  expect(Object.values(readings).filter(({ advice }) => advice !== null)).toEqual([]);
  expect(Object.values(readings).filter(({ speaksFor }) => speaksFor === 'fake')).toEqual([]);
});

test('every reading has a number, and a name of its own', () => {
  const evidence = liveEvidence({ pulse: { beatsPerMinute: 71, signalToNoiseDb: 3 } });
  const readings = cueReadings(evidence, WELL_FILMED, fuse(evidence, PLAIN_MODEL));
  expect(new Set(readings.map(({ cue }) => cue)).size).toBe(readings.length);
  for (const { value } of readings) expect(Number.isFinite(value)).toBe(true);
  expect(readings.find(({ cue }) => cue === 'pulse_bpm')?.value).toBe(71);
});

test('a recapture: texture speaks for a fake, and says what a genuine person can do', () => {
  const { texture, motion } = readingsOf(liveEvidence({ textureMargin: -3 }));
  expect(texture).toMatchObject({ speaksFor: 'fake', value: -4, advice: expect.stringContaining('light') });
  expect(motion?.speaksFor).toBe('live');
});

test('what our texture network says is shown, and takes no side of its own: it counts as far as texture weighs it', () => {
  for (const recaptureMargin of [-7.5, 0, 7.5]) {
    expect(readingsOf(liveEvidence({ recaptureMargin })).texture_recapture).toEqual({
      cue: 'texture_recapture',
      value: recaptureMargin,
      speaksFor: 'neither',
      advice: null,
    });
  }
  expect(readingsOf(liveEvidence({ recaptureMargin: null }))).not.toHaveProperty('texture_recapture');
});

test('a still: motion speaks for a fake, and says how to move', () => {
  const { texture, motion } = readingsOf(liveEvidence({ motion: motionOf(0.01) }));
  expect(motion).toMatchObject({ speaksFor: 'fake', advice: expect.stringMatching(/[Mm]ove|blink/) });
  expect(texture?.speaksFor).toBe('live');
});

test('a side that is in two minds speaks for neither, and still says what would help', () => {
  expect(readingsOf(liveEvidence({ textureMargin: 1.3 })).texture).toMatchObject({
    speaksFor: 'neither',
    advice: expect.any(String),
  });
});

test('the sides divide where the public threshold does', () => {
  const sideAt = (logOdds: number) => readingsOf(liveEvidence({ textureMargin: 1 + logOdds })).texture?.speaksFor;
  const threshold = Math.log(0.65 / 0.35);
  expect([threshold + 0.01, threshold - 0.01, 0.01 - threshold, -0.01 - threshold].map(sideAt)).toEqual([
    'live',
    'neither',
    'neither',
    'fake',
  ]);
});

test('frames without a face: what it is, and what to do', () => {
  expect(readingsOf(liveEvidence({ faceShare: 0.3 })).faces_found).toEqual({
    cue: 'faces_found',
    value: 0.3,
    speaksFor: 'fake',
    advice: expect.stringMatching(/face in view/),
  });
  expect(readingsOf(liveEvidence({ faceShare: 0.8 })).faces_found).toMatchObject({
    speaksFor: 'neither',
    advice: expect.any(String),
  });
});

test('frames that repeat: what it is, and what to do', () => {
  expect(readingsOf(liveEvidence({ distinctShare: 0.2 })).distinct_frames).toMatchObject({
    speaksFor: 'fake',
    advice: expect.any(String),
  });
  expect(readingsOf(liveEvidence({ distinctShare: 0.6 })).distinct_frames).toMatchObject({
    speaksFor: 'neither',
    advice: expect.any(String),
  });
});

test('a full blink speaks for life', () => {
  const landmarks = {
    blinkDepth: 0.8,
    mouthRange: 0.02,
    beyondSimilarity: 0,
    beyondHomography: 0,
    jerkTypical: 0.01,
    jerkAtWorst: 0.02,
  };
  expect(readingsOf(liveEvidence({ landmarks })).eyes_closed_by).toMatchObject({ value: 0.8, speaksFor: 'live' });
  expect(readingsOf().eyes_closed_by).toMatchObject({ speaksFor: 'neither' });
});

test.each<[string, Partial<RecordingQuality>, RegExp]>([
  ['face_share', { faceShare: 0.8 }, /back/],
  ['face_size_pixels', { faceSizePixels: 30 }, /closer/],
  ['faces_in_view', { faceCount: 2 }, /nobody else/],
  ['brightness', { brightness: 20 }, /light/],
  ['clipped_light', { clippedShare: 0.6 }, /sun|lamp/],
  ['light_balance', { lightBalance: 0.2 }, /light/],
  ['sharpness', { sharpness: 1 }, /still|lens/],
])('%s has advice when it is bad, and for it alone', (cue, different, words) => {
  const readings = readingsOf(liveEvidence(), { ...WELL_FILMED, ...different });
  const advised = Object.values(readings).filter(({ advice }) => advice !== null);
  expect(advised.map((reading) => reading.cue)).toEqual([cue]);
  expect(advised[0]?.advice).toMatch(words);
  // How a person is filmed is no evidence of what they are.
  expect(advised[0]?.speaksFor).toBe('neither');
});

test('without a verdict or a face, only what is known is said', () => {
  const evidence = liveEvidence({ faceShare: 0, distinctShare: 0, motion: null, landmarks: null });
  expect(cueReadings(evidence, null, null).map(({ cue }) => cue)).toEqual(['faces_found', 'distinct_frames']);
});
