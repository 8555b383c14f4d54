import type { BlockReader } from './block-reader.ts';

type Call = (...values: number[]) => number;

/** What `video-decoder.c` exports; texts are addresses of zero-ended bytes. */
export interface DecoderExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  vd_open: Call;
  vd_list: Call;
  vd_seek: Call;
  vd_next: Call;
  vd_restart(onlyKeyFrames: number): number;
  vd_info(): number;
  vd_codec(): number;
  vd_container(): number;
  vd_brand(): number;
  vd_listed(): number;
  vd_time(): number;
  vd_tainted(): number;
  vd_width(): number;
  vd_height(): number;
  vd_pixel_format(): number;
  vd_rgba(width: number, height: number): number;
}

const WASI_BADF = 8;
const WASI_SUCCESS = 0;

/** A fresh decoder with memory of its own, that reads the file by `reader`. */
export function instantiateDecoder(module: WebAssembly.Module, reader: BlockReader): DecoderExports {
  const refuse = () => WASI_BADF;
  const put = (target: number, bytes: Uint8Array) => {
    new Uint8Array(decoder.memory.buffer, target, bytes.length).set(bytes);
    return bytes.length;
  };
  const hostRead = (target = 0, offset = 0, length = 0) => {
    const bytes = reader.cached(offset, length);
    // An answer that is no promise does not suspend, which is what makes small reads cheap.
    if (bytes !== null) return put(target, bytes);
    return reader.load(offset).then(() => put(target, reader.cached(offset, length) ?? new Uint8Array(0)));
  };
  const instance = new WebAssembly.Instance(module, {
    env: {
      // A class of the types that is a function to the WebAssembly.
      host_read: new WebAssembly.Suspending(hostRead) as unknown as () => number,
      emscripten_notify_memory_growth: () => {},
    },
    // The C library's idea of a system: no files, no environment, and a clock that stands still.
    wasi_snapshot_preview1: {
      clock_time_get: (_clock: number, _precision: bigint, target: number) => {
        new DataView(decoder.memory.buffer).setBigUint64(target, 0n, true);
        return WASI_SUCCESS;
      },
      environ_sizes_get: (count: number, size: number) => {
        const view = new DataView(decoder.memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return WASI_SUCCESS;
      },
      environ_get: () => WASI_SUCCESS,
      proc_exit: (status: number) => {
        throw new Error(`the decoder exited with ${status}`);
      },
      fd_close: refuse,
      fd_read: refuse,
      fd_write: refuse,
      fd_seek: refuse,
      fd_fdstat_get: refuse,
    },
  });
  const decoder = instance.exports as unknown as DecoderExports;
  decoder._initialize();
  return decoder;
}
