/** The decoders' WebAssembly, compiled ahead: workerd compiles no bytes while it runs. */
declare module '@jsquash/png/codec/pkg/squoosh_png_bg.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '@jsquash/webp/codec/dec/webp_dec.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** Their JavaScript. The packages' own types lean on a browser's, which are not here. */
declare module '@jsquash/jpeg/codec/dec/mozjpeg_dec.js' {
  const factory: import('./emscripten-codec.ts').EmscriptenFactory;
  export default factory;
}
declare module '@jsquash/webp/codec/dec/webp_dec.js' {
  const factory: import('./emscripten-codec.ts').EmscriptenFactory;
  export default factory;
}
