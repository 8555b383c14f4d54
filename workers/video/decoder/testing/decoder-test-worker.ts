import type { ByteSource } from '../byte-source.ts';
import { type Clip, openClip } from '../open-clip.ts';
import videoDecoder from '../video-decoder.wasm';
import { VideoRefused } from '../video-refused.ts';

interface TestEnv {
  CLIPS: R2Bucket;
}

/** What a test learns of a clip; the frames' pixels follow it, one after the other. */
export interface SampleReport {
  info: Clip['info'] | null;
  frames: { timeMs: number; width: number; height: number }[];
  refused: { problem: string; message: string } | null;
  /** Of anything else that was thrown. */
  failed: string | null;
  memoryBytes: number;
  reads: number;
}

/** `GET /<name>?count=<n>&pixels=<0|1>` samples a clip of the bucket; `failAfter` makes the store fail after so many reads. */
export default {
  async fetch(request: Request, env: TestEnv): Promise<Response> {
    const url = new URL(request.url);
    const asked = (name: string) => Number(url.searchParams.get(name) ?? 0);
    const source = await sourceOf(env.CLIPS, decodeURIComponent(url.pathname.slice(1)), asked('failAfter'));
    const report: SampleReport = { info: null, frames: [], refused: null, failed: null, memoryBytes: 0, reads: 0 };
    const pixels: Uint8Array[] = [];
    let clip: Clip | null = null;
    try {
      clip = await openClip(videoDecoder, source);
      report.info = clip.info;
      const count = asked('count') || clip.info.frameCount;
      for await (const { timeMs, width, height, rgba } of clip.sample({ count, run: null })) {
        report.frames.push({ timeMs, width, height });
        if (asked('pixels') !== 0) pixels.push(rgba);
      }
    } catch (error) {
      if (error instanceof VideoRefused) {
        const cause = error.cause === undefined ? '' : ` (${error.cause})`;
        report.refused = { problem: error.problem, message: error.message + cause };
      } else report.failed = String(error);
    }
    report.memoryBytes = clip?.memoryBytes ?? 0;
    report.reads = source.reads();
    return packed(report, pixels);
  },
} satisfies ExportedHandler<TestEnv>;

async function sourceOf(bucket: R2Bucket, name: string, failAfter: number): Promise<ByteSource & { reads(): number }> {
  const sizeBytes = (await bucket.head(name))?.size ?? 0;
  let reads = 0;
  return {
    sizeBytes,
    reads: () => reads,
    async read(offset, length) {
      reads++;
      if (failAfter > 0 && reads > failAfter) throw new Error('the store is down');
      const object = await bucket.get(name, { range: { offset, length } });
      if (object === null) throw new Error(`${name} is not there`);
      return new Uint8Array(await object.arrayBuffer());
    },
  };
}

function packed(report: SampleReport, pixels: Uint8Array[]): Response {
  const head = new TextEncoder().encode(JSON.stringify(report));
  const length = new Uint8Array(new Uint32Array([head.length]).buffer);
  return new Response(new Blob([length, head, ...pixels]));
}
