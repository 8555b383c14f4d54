import { describe, expect, it } from 'vitest';
import { dot, randomDirections } from '../../workers/gallery/testing/vectors.ts';
import { cosine, lengthOf, meanDirection, unitVector } from './embedding.ts';

const next = randomDirections(1);

describe('an embedding', () => {
  it('is taken as it is, but for rounding, and copied', () => {
    const vector = next();
    const unit = unitVector(vector.map((value) => value * 1.0005));
    expect(lengthOf(unit)).toBeCloseTo(1, 7);
    expect(cosine(unit, vector)).toBeCloseTo(1, 6);
    expect(unitVector(vector).buffer).not.toBe(vector.buffer);
  });

  it.each<[string, (vector: Float32Array<ArrayBuffer>) => Float32Array]>([
    ['all zero', () => new Float32Array(512)],
    ['not a number', (vector) => vector.fill(Number.NaN, 3, 4)],
    ['infinite', (vector) => vector.fill(Number.POSITIVE_INFINITY, 3, 4)],
    ['too short by its numbers', (vector) => vector.subarray(1)],
    ['too long by its numbers', (vector) => Float32Array.from([...vector, 0])],
    ['of another length', (vector) => vector.map((value) => value * 1.01)],
  ])('is refused when it is %s', (_name, change) => {
    expect(() => unitVector(change(next()))).toThrow(/embedding/);
  });
});

describe('the mean direction', () => {
  it('lies in the middle and has a length of 1', () => {
    const [a, b] = [next(), next()];
    const mean = meanDirection([a, b]);
    expect(lengthOf(mean)).toBeCloseTo(1, 6);
    expect(dot(mean, a)).toBeCloseTo(dot(mean, b), 6);
    expect(dot(mean, a)).toBeGreaterThan(0.6);
  });

  it('is refused where there is none', () => {
    const a = next();
    expect(() => meanDirection([a, a.map((value) => -value)])).toThrow(/cancel/);
    expect(() => meanDirection([])).toThrow(/cancel/);
  });
});
