import { expect, test } from 'vitest';
import { missingFeatures } from './missing-features.ts';

const COMPLETE = { Worker: 1, WebAssembly: 1, OffscreenCanvas: 1, createImageBitmap: 1 };

test('a browser of today lacks nothing, and an older one is told what', () => {
  expect(missingFeatures(COMPLETE)).toEqual([]);
  const { OffscreenCanvas: _, ...older } = COMPLETE;
  expect(missingFeatures(older)).toEqual(['OffscreenCanvas']);
});
