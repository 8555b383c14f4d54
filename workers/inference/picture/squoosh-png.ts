import type { RgbaPicture } from './rgba-picture.ts';

/** Throws, and is of no more use, when the bytes are no PNG. */
export type SquooshPng = (png: Uint8Array) => RgbaPicture;

interface Exports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(bytes: number, alignment: number): number;
  __wbindgen_free(pointer: number, bytes: number, alignment: number): void;
  decode(pointer: number, bytes: number): number;
}

/** The import that makes an ImageData of finished pixels; its name ends in a hash of the build. */
const NEW_IMAGE_DATA = '__wbg_newwithownedu8clampedarrayandsh_';

/**
 * The WebAssembly of @jsquash/png without its JavaScript, which keeps one instance for good, even one that has trapped,
 * and wants a global `ImageData`. Decoding needs one of its imports only: the one that hands the pixels over.
 */
export function createSquooshPng(module: WebAssembly.Module): SquooshPng {
  let decoded: RgbaPicture | null = null;
  const takePixels = (pointer: number, bytes: number, width: number, height: number) => {
    const data = new Uint8Array(exports.memory.buffer, pointer, bytes).slice();
    exports.__wbindgen_free(pointer, bytes, 1);
    decoded = { width, height, data };
    return 0;
  };
  const refuse = () => {
    throw new Error('the PNG could not be decoded');
  };
  const names = WebAssembly.Module.imports(module).map(({ name }) => name);
  const imports = names.map((name) => [name, name.startsWith(NEW_IMAGE_DATA) ? takePixels : refuse]);
  const exports = new WebAssembly.Instance(module, { wbg: Object.fromEntries(imports) }).exports as unknown as Exports;

  return (png) => {
    decoded = null;
    const pointer = exports.__wbindgen_malloc(png.length, 1);
    new Uint8Array(exports.memory.buffer, pointer, png.length).set(png);
    // The callee frees its argument.
    exports.decode(pointer, png.length);
    return decoded ?? refuse();
  };
}
