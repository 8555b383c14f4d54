import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { nodeKernel } from '../testing/node-matrix.ts';

const ROWS_AT = 65_536;
const QUERY_AT = 0;
const OUT_AT = 4096;
const COUNT = 33;

function kernelWith(rows: Int8Array | Uint8Array, query: Int16Array | Uint8Array) {
  const kernel = nodeKernel();
  kernel.memory.grow(1);
  const bytes = new Uint8Array(kernel.memory.buffer);
  bytes.set(new Uint8Array(rows.buffer), ROWS_AT);
  bytes.set(new Uint8Array(query.buffer), QUERY_AT);
  return { kernel, answers: () => [...new Int32Array(kernel.memory.buffer, OUT_AT, COUNT + 1)] };
}

const product = (rows: Int8Array, row: number, query: Int16Array) =>
  query.reduce((sum, value, i) => sum + value * (rows[row * 512 + i] ?? 0), 0);

function bitsSet(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}

describe('the kernel', () => {
  it('multiplies as a plain loop does, and writes no further than it is told', () => {
    const random = seededRandom(1);
    const rows = Int8Array.from({ length: COUNT * 512 }, () => Math.round(random() * 254 - 127));
    const query = Int16Array.from({ length: 512 }, () => Math.round(random() * 65_534 - 32_767));
    const { kernel, answers } = kernelWith(rows, query);
    kernel.products(ROWS_AT, COUNT, QUERY_AT, OUT_AT);
    const expected = Array.from({ length: COUNT }, (_, row) => product(rows, row, query));
    expect(answers()).toEqual([...expected, 0]);
    kernel.products(ROWS_AT + 512, 1, QUERY_AT, OUT_AT);
    expect(answers().slice(0, 2)).toEqual([expected[1], expected[1]]);
  });

  it('does not overflow at the ends of what the codes can be', () => {
    const rows = new Int8Array(COUNT * 512).fill(127);
    rows.fill(-127, 512, 1024);
    const { kernel, answers } = kernelWith(rows, new Int16Array(512).fill(32_767));
    kernel.products(ROWS_AT, 2, QUERY_AT, OUT_AT);
    expect(answers().slice(0, 2)).toEqual([512 * 127 * 32_767, -512 * 127 * 32_767]);
  });

  it('counts the bits that differ, none to all', () => {
    const random = seededRandom(2);
    const rows = Uint8Array.from({ length: COUNT * 64 }, () => random() * 256);
    const query = rows.slice(0, 64);
    rows.set(
      query.map((byte) => ~byte),
      64,
    );
    const { kernel, answers } = kernelWith(rows, query);
    kernel.distances(ROWS_AT, COUNT, QUERY_AT, OUT_AT);
    const expected = Array.from({ length: COUNT }, (_, row) =>
      query.reduce((sum, byte, i) => sum + bitsSet(byte ^ (rows[row * 64 + i] ?? 0)), 0),
    );
    expect(expected.slice(0, 2)).toEqual([0, 512]);
    expect(answers()).toEqual([...expected, 0]);
  });

  it('does nothing for no rows', () => {
    const { kernel, answers } = kernelWith(new Int8Array(512).fill(1), new Int16Array(512).fill(1));
    kernel.products(ROWS_AT, 0, QUERY_AT, OUT_AT);
    kernel.distances(ROWS_AT, 0, QUERY_AT, OUT_AT);
    expect(answers().every((answer) => answer === 0)).toBe(true);
  });

  it('is what its text compiles to', async () => {
    const script = new URL('../../../scripts/build-kernel.ts', import.meta.url).pathname;
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined();
  });
});
