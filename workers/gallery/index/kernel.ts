/** kernel.wat says what each of them does. Addresses are those of `memory`. */
export interface Kernel {
  memory: WebAssembly.Memory;
  products(rows: number, count: number, query: number, out: number): void;
  distances(rows: number, count: number, query: number, out: number): void;
}

/** With a memory of its own. workerd brings the module compiled; elsewhere it is compiled from its file. */
export function startKernel(module: WebAssembly.Module): Kernel {
  const { memory, products, distances } = new WebAssembly.Instance(module).exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel has no memory');
  return { memory, products: callable(products), distances: callable(distances) };
}

function callable(exported: WebAssembly.ExportValue | undefined): (...values: number[]) => void {
  if (typeof exported !== 'function') throw new Error('the kernel lacks a function');
  return (...values) => void exported(...values);
}
