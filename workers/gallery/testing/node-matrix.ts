import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Kernel, startKernel } from '../index/kernel.ts';
import { PackedMatrix } from '../index/packed-matrix.ts';

const wasm = readFileSync(fileURLToPath(import.meta.resolve('../index/kernel.wasm')));
// The types are those of workerd, which compiles nothing while it runs.
const kernelModule: WebAssembly.Module = Reflect.construct(WebAssembly.Module, [wasm]);

export function nodeKernel(): Kernel {
  return startKernel(kernelModule);
}

export function nodeMatrix(): PackedMatrix {
  return new PackedMatrix(nodeKernel());
}
