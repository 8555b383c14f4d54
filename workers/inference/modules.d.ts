/** The ONNX runtime's WebAssembly, compiled ahead: workerd compiles no bytes while it runs. */
declare module 'onnxruntime-web/ort-wasm-simd-threaded.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** A weight, carried in the Worker's upload as a Data module. */
declare module '*.onnx' {
  const bytes: ArrayBuffer;
  export default bytes;
}
