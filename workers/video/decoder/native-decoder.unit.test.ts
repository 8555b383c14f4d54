import { afterEach, describe, expect, it, vi } from 'vitest';
import { blockReader } from './block-reader.ts';
import { NativeDecoder } from './native-decoder.ts';

const section = (id: number, ...content: number[]) => [id, content.length, ...content];
const text = (letters: string) => [letters.length, ...new TextEncoder().encode(letters)];

/** WebAssembly with the exports of a decoder that gets by without a host, and traps when it is to open a file. */
const TRAPPING = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // Types: nothing to nothing; (f64, i32) to i32.
  ...section(1, 2, 0x60, 0, 0, 0x60, 2, 0x7c, 0x7f, 1, 0x7f),
  ...section(3, 2, 0, 1),
  ...section(5, 1, 0, 1),
  ...section(7, 3, ...text('memory'), 2, 0, ...text('_initialize'), 0, 0, ...text('vd_open'), 0, 1),
  // The body of the second is `unreachable`.
  ...section(10, 2, 2, 0, 0x0b, 3, 0, 0x00, 0x0b),
]);

/** Node has no JSPI: here nothing waits. */
function withoutSuspension(): void {
  vi.stubGlobal(
    'WebAssembly',
    Object.assign(Object.create(WebAssembly), {
      Suspending: class {},
      promising:
        (call: (...values: number[]) => number) =>
        async (...values: number[]) =>
          call(...values),
    }),
  );
}

describe('a trap', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('refuses the clip, and says why it came to that', async () => {
    withoutSuspension();
    const module: WebAssembly.Module = Reflect.construct(WebAssembly.Module, [TRAPPING]);
    const reader = blockReader({ sizeBytes: 10, read: async () => new Uint8Array(10) });
    const failure = new NativeDecoder(module, reader).open(100);
    await expect(failure).rejects.toMatchObject({
      name: 'VideoRefused',
      problem: 'damaged',
      cause: expect.objectContaining({ message: 'unreachable' }),
    });
  });
});
