/** The decoder's WebAssembly, compiled ahead: workerd compiles no bytes while it runs. */
declare module '*/video-decoder.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** JavaScript Promise Integration, which workerd has and the types do not: WebAssembly that waits for a promise. */
declare namespace WebAssembly {
  class Suspending {
    constructor(imported: (...values: number[]) => number | Promise<number>);
  }
  function promising(exported: (...values: number[]) => number): (...values: number[]) => Promise<number>;
}
