/** The encoder's WebAssembly, compiled ahead: workerd compiles no bytes while it runs. */
declare module '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** Its JavaScript. The package's own types lean on a browser's, which are not here. */
declare module '@jsquash/jpeg/codec/enc/mozjpeg_enc.js' {
  export interface EmscriptenEncoder {
    encode(data: Uint8Array, width: number, height: number, options: Record<string, number | boolean>): unknown;
  }
  const factory: import('../../inference/picture/emscripten-codec.ts').EmscriptenFactory<EmscriptenEncoder>;
  export default factory;
}
