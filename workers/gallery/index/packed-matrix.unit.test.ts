import { describe, expect, it } from 'vitest';
import { nodeKernel, nodeMatrix } from '../testing/node-matrix.ts';
import { randomDirections } from '../testing/vectors.ts';
import { CHUNK_ROWS, PackedMatrix } from './packed-matrix.ts';
import { quantiseQuery, quantiseRow, signsOf } from './quantise.ts';

const bytesInUse = (memory: WebAssembly.Memory) =>
  new Uint8Array(memory.buffer, 65_536).filter((byte) => byte !== 0).length;

describe('a packed matrix', () => {
  it('grows by whole chunks, 576 bytes a person, and not before it must', () => {
    const matrix = nodeMatrix();
    const next = randomDirections(1);
    expect(matrix.memoryBytes).toBe(65_536);
    for (let key = 1; key <= CHUNK_ROWS; key++) matrix.put(key, next());
    expect(matrix.memoryBytes).toBe(65_536 + CHUNK_ROWS * 576);
    matrix.put(1, next());
    expect(matrix.memoryBytes).toBe(65_536 + CHUNK_ROWS * 576);
    matrix.put(CHUNK_ROWS + 1, next());
    expect(matrix.memoryBytes).toBe(65_536 + 2 * CHUNK_ROWS * 576);
  });

  it('keeps nothing of who is removed, nor of anybody once it is cleared', () => {
    const kernel = nodeKernel();
    const matrix = new PackedMatrix(kernel);
    const next = randomDirections(2);
    for (let key = 1; key <= 3; key++) matrix.put(key, next());
    matrix.remove(1);
    matrix.remove(3);
    const one = bytesInUse(kernel.memory);
    expect(one).toBeGreaterThan(0);
    expect(one).toBeLessThanOrEqual(576);
    matrix.clear();
    expect([matrix.size, bytesInUse(kernel.memory)]).toEqual([0, 0]);
    matrix.put(7, next());
    expect([matrix.size, matrix.rowAt(0).key]).toEqual([1, 7]);
  });

  it('removes the last, the only one and who is not there', () => {
    const matrix = nodeMatrix();
    const next = randomDirections(3);
    matrix.put(1, next());
    matrix.put(2, next());
    matrix.remove(2);
    matrix.remove(2);
    expect([matrix.size, matrix.rowAt(0).key]).toEqual([1, 1]);
    matrix.remove(1);
    expect(matrix.size).toBe(0);
  });

  it('changes nothing when the memory ends', () => {
    const kernel = nodeKernel();
    const matrix = new PackedMatrix({
      ...kernel,
      memory: new Proxy(kernel.memory, {
        get: (memory, name) =>
          name === 'grow'
            ? () => {
                throw new RangeError('no memory');
              }
            : Reflect.get(memory, name),
      }),
    });
    expect(() => matrix.put(1, randomDirections(4)())).toThrow('no memory');
    expect([matrix.size, matrix.has(1)]).toEqual([0, false]);
  });

  it('refuses what has no direction', () => {
    const matrix = nodeMatrix();
    expect(() => matrix.put(1, new Float32Array(512))).toThrow(/direction/);
    expect(() => matrix.put(1, new Float32Array(512).fill(Number.NaN))).toThrow(/direction/);
    expect(matrix.size).toBe(0);
  });
});

describe('a row in whole numbers', () => {
  it('is off by no more than it says, which is little', () => {
    const next = randomDirections(5);
    for (let i = 0; i < 200; i++) {
      const vector = next();
      for (const { codes, scale, residual } of [quantiseRow(vector), quantiseQuery(vector)]) {
        const rest = Math.hypot(...vector.map((value, at) => value - (codes[at] ?? 0) * scale));
        const largest = Math.max(...Array.from(codes, Math.abs));
        expect(rest).toBeLessThanOrEqual(residual);
        expect(residual).toBeLessThan(largest === 127 ? 0.012 : 0.00005);
        expect([127, 32_767]).toContain(largest);
      }
    }
  });

  it('has a scale and a residual that float32 holds', () => {
    const { scale, residual } = quantiseRow(randomDirections(6)());
    expect([Math.fround(scale), Math.fround(residual)]).toEqual([scale, residual]);
  });

  it('has a sign for each dimension, eight to a byte', () => {
    const signs = signsOf(
      Float32Array.from({ length: 512 }, (_, i) => (i === 0 || i === 11 || i === 511 ? 0.1 : -0.1)),
    );
    expect(signs).toHaveLength(64);
    expect([signs[0], signs[1], signs[63]]).toEqual([1, 8, 128]);
    expect(signs.filter((byte) => byte !== 0)).toHaveLength(3);
  });
});
