import { expect, test } from 'vitest';
import type { FrameQuality } from '#shared/rpc/inference.ts';
import { faceEvidence, frameOf } from '../testing/evidence.ts';
import { recordingQuality } from './recording-quality.ts';

const filmed = (quality: Partial<FrameQuality>, faceCount = 1) =>
  frameOf(faceEvidence({ faceCount, quality: { ...faceEvidence().quality, ...quality } }));

test('one bad frame says nothing', () => {
  const frames = [filmed({ brightness: 100 }), filmed({ brightness: 2, sharpness: 0 }, 4), filmed({ brightness: 104 })];
  expect(recordingQuality(frames)).toMatchObject({ brightness: 100, sharpness: 10, faceCount: 1 });
});

test('what most frames have is what the recording has', () => {
  const dark = {
    faceShare: 0.7,
    faceSizePixels: 50,
    brightness: 20,
    clippedShare: 0.3,
    lightBalance: 0.4,
    sharpness: 2,
  };
  expect(recordingQuality([filmed(dark, 2), filmed(dark, 2), filmed({})])).toEqual({ ...dark, faceCount: 2 });
});

test('frames without a face do not count', () => {
  expect(recordingQuality([frameOf(null), filmed({ brightness: 77 }), frameOf(null)])?.brightness).toBe(77);
});

test('without any face there is none', () => {
  expect(recordingQuality([frameOf(null)])).toBeNull();
  expect(recordingQuality([])).toBeNull();
});
