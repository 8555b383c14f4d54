import { expect, test, vi } from 'vitest';
import { createEmscriptenCodec, type EmscriptenDecoder, type EmscriptenFactory } from './emscripten-codec.ts';

/** An empty module: the stand-in for a decoder below needs none. Not `new`, for the types are workerd's. */
const MODULE: WebAssembly.Module = Reflect.construct(WebAssembly.Module, [
  new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
]);
const BYTES = new Uint8Array(1);
const PICTURE = { data: new Uint8ClampedArray(4), width: 1, height: 1 };

function codecWith(heapBytes: number) {
  const decode = vi.fn<EmscriptenDecoder['decode']>(() => PICTURE);
  const factory = vi.fn<EmscriptenFactory>(() => Promise.resolve({ HEAPU8: new Uint8Array(heapBytes), decode }));
  return { decode, factory, codec: createEmscriptenCodec(factory, MODULE, true) };
}

test('keeps one decoder for many pictures', async () => {
  const { decode, factory, codec } = codecWith(16 * 2 ** 20);
  expect(factory).not.toHaveBeenCalled();
  for (let i = 0; i < 3; i++) expect(await codec(BYTES)).toEqual({ width: 1, height: 1, data: new Uint8Array(4) });
  expect(factory).toHaveBeenCalledTimes(1);
  expect(decode).toHaveBeenCalledWith(BYTES, true);
});

test('drops a decoder that has trapped', async () => {
  const { decode, factory, codec } = codecWith(1024);
  await codec(BYTES);
  decode.mockImplementationOnce(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  await expect(codec(BYTES)).rejects.toThrow('unreachable');
  await codec(BYTES);
  expect(factory).toHaveBeenCalledTimes(2);
});

test('keeps a decoder that says properly that it cannot', async () => {
  const { decode, factory, codec } = codecWith(1024);
  decode.mockReturnValueOnce(null);
  await expect(codec(BYTES)).rejects.toThrow('no picture');
  await codec(BYTES);
  expect(factory).toHaveBeenCalledTimes(1);
});

test('refuses what was decoded in part, and forgets the complaint with the next picture', async () => {
  const { decode, factory, codec } = codecWith(1024);
  const complain = (line: string) =>
    decode.mockImplementationOnce(() => {
      factory.mock.calls[0]?.[0].printErr(line);
      return PICTURE;
    });
  complain('Corrupt JPEG data: premature end of data segment');
  await expect(codec(BYTES)).rejects.toThrow('premature end');
  complain('Corrupt JPEG data: 3 extraneous bytes before marker 0xd9');
  await expect(codec(BYTES)).resolves.toMatchObject({ width: 1 });
  await expect(codec(BYTES)).resolves.toMatchObject({ width: 1 });
});

test('gives back a heap that a large picture has blown up', async () => {
  const { factory, codec } = codecWith(64 * 2 ** 20);
  await codec(BYTES);
  await codec(BYTES);
  expect(factory).toHaveBeenCalledTimes(2);
});

test('a start that fails is tried again by the next picture', async () => {
  const { factory, codec } = codecWith(1024);
  factory.mockRejectedValueOnce(new Error('out of memory'));
  await expect(codec(BYTES)).rejects.toThrow('out of memory');
  expect(await codec(BYTES)).toMatchObject({ width: 1 });
});

test('pictures at the same time do not share a decoder that one of them may break', async () => {
  const { decode, codec } = codecWith(1024);
  decode.mockImplementationOnce(() => {
    throw new Error('the first fails');
  });
  const outcomes = await Promise.allSettled([codec(BYTES), codec(BYTES)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('what decoders put into the globals is there while they run, and then gone', async () => {
  const { decode, factory, codec } = codecWith(1024);
  const before = Object.getOwnPropertyDescriptor(globalThis, 'location');
  const seen: unknown[] = [];
  const leaveThings = () => {
    seen.push(Reflect.has(globalThis, 'ImageData'));
    Object.defineProperty(globalThis, 'location', { value: {}, configurable: true });
  };
  factory.mockImplementationOnce(() => {
    leaveThings();
    return Promise.resolve({ HEAPU8: new Uint8Array(1), decode });
  });
  decode.mockImplementationOnce(() => {
    leaveThings();
    throw new Error('in the middle of it');
  });
  await expect(codec(BYTES)).rejects.toThrow('middle');
  expect(seen).toEqual([true, true]);
  expect(Reflect.has(globalThis, 'ImageData')).toBe(false);
  expect(Object.getOwnPropertyDescriptor(globalThis, 'location')).toEqual(before);
});
