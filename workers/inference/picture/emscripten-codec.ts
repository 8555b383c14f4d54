import type { RgbaPicture } from './rgba-picture.ts';
import { type ImageDataLike, withBrowserGlobals } from './with-browser-globals.ts';

/** What the decoders of @jsquash/jpeg and @jsquash/webp look like from outside. */
export interface EmscriptenDecoder {
  HEAPU8: Uint8Array;
  decode(bytes: Uint8Array, ...options: boolean[]): ImageDataLike | null;
}
export type EmscriptenFactory<Codec = EmscriptenDecoder> = (options: EmscriptenOptions) => Promise<Codec>;
interface EmscriptenOptions {
  noInitialRun: true;
  locateFile(name: string): string;
  print(line: string): void;
  printErr(line: string): void;
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): WebAssembly.Exports;
}

interface Running<Codec> {
  codec: Codec;
  /** What it has said of the picture at hand. */
  complaints: string[];
}

/** A heap never shrinks, so one that a picture has blown up is given back. It begins at 16 MiB; 2048x2048 may take 19. */
const MAX_KEPT_HEAP_BYTES = 24 * 2 ** 20;
/** libjpeg goes on after damage and fills in grey; webcams write a few bytes too many, which takes nothing away. */
const HARMLESS_COMPLAINT = /extraneous bytes/;

/**
 * One decoder for many pictures; a new one after it has thrown, for its heap and stack are then in no known state. A
 * picture that it decodes in part only is refused like one that it does not: fewer frames rather than grey faces.
 */
export function createEmscriptenCodec(
  factory: EmscriptenFactory,
  module: WebAssembly.Module,
  ...options: boolean[]
): (bytes: Uint8Array) => Promise<RgbaPicture> {
  let kept: Running<EmscriptenDecoder> | null = null;
  return async (bytes) => {
    const running = kept ?? (await startEmscripten(factory, module));
    kept = null;
    running.complaints.length = 0;
    const picture = withBrowserGlobals(() => running.codec.decode(bytes, ...options));
    if (running.codec.HEAPU8.byteLength <= MAX_KEPT_HEAP_BYTES) kept = running;
    const complaint = running.complaints.find((line) => !HARMLESS_COMPLAINT.test(line));
    if (picture === null || complaint !== undefined) throw new Error(complaint ?? 'no picture came out');
    const { data, width, height } = picture;
    // A copy already: the decoder makes its ImageData of one.
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  };
}

export async function startEmscripten<Codec>(
  factory: EmscriptenFactory<Codec>,
  module: WebAssembly.Module,
): Promise<Running<Codec>> {
  const complaints: string[] = [];
  const codec = await withBrowserGlobals(() =>
    factory({
      noInitialRun: true,
      locateFile: (name) => name,
      // What is wrong with a picture is its sender's matter, not the log's.
      print: () => {},
      printErr: (line) => complaints.push(line),
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(module, imports);
        done(instance);
        return instance.exports;
      },
    }),
  );
  return { codec, complaints };
}
