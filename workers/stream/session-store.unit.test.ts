import { Serializer } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { MODELS } from '#models/registry.ts';
import { comparisonsOf } from '#shared/lib/frame-pairs.ts';
import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import type { StoredFrame } from './session-store.ts';

const MOST_BYTES = 16 * 1024;
/** With a fraction it takes all eight bytes; a whole number may take fewer. */
const NUMBER = 1234.5678;

function worstFrame(index: number, minFrames: number): StoredFrame {
  const box = { x: NUMBER, y: NUMBER, width: NUMBER, height: NUMBER };
  const face = {
    box,
    square: { ...box },
    confidence: NUMBER,
    faceCount: NUMBER,
    quality: {
      faceShare: NUMBER,
      faceSizePixels: NUMBER,
      brightness: NUMBER,
      clippedShare: NUMBER,
      lightBalance: NUMBER,
      sharpness: NUMBER,
    },
    textureMargins: { square: NUMBER, whole: NUMBER },
    recaptureMargins: { square: NUMBER, whole: NUMBER },
    landmarks: new Float32Array(136),
    skin: new Float32Array(9),
    patch: new Uint8Array(PATCH_SIDE * PATCH_SIDE),
    contentHash: 'f'.repeat(32),
  };
  const motions = comparisonsOf(minFrames)
    .filter(({ first, second }) => first === index || second === index)
    .map((comparison) => ({ ...comparison, motion: { beyondPlane: NUMBER, beyondSheet: NUMBER } }));
  return {
    frame: {
      index,
      digest: 'f'.repeat(64),
      timestampMs: NUMBER,
      evidence: { version: 1, kind: 'frame', width: NUMBER, height: NUMBER, face },
      busyMs: NUMBER,
      receivedAtMs: NUMBER,
    },
    motions,
  };
}

/** As the platform writes it: a view would bring its whole block of memory along. */
function bytesOf(value: unknown): number {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer().length;
}

describe('a stored frame', () => {
  const lengths = [...new Set(MODELS.map(({ minFrames }) => minFrames))];

  it.each(lengths)('takes 16 KB at most, of a recording with %d frames', (count) => {
    const sizes = Array.from({ length: count }, (_, index) => bytesOf(worstFrame(index, count)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_BYTES);
    // Measured for real: there is more to it than the patch.
    expect(Math.min(...sizes)).toBeGreaterThan(PATCH_SIDE * PATCH_SIDE + 544);
  });
});
