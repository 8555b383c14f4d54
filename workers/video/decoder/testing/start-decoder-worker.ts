import { createTestHarness } from 'wrangler';
import type { SampleReport } from './decoder-test-worker.ts';

export interface SampleQuery {
  /** All frames that the clip lists, where it is left out. */
  count?: number;
  failAfter?: number;
  withPixels?: boolean;
}

export interface Sampled extends SampleReport {
  /** RGBA, one for each frame; empty unless asked for. */
  pixels: Uint8Array[];
}

export interface DecoderWorker {
  put(name: string, bytes: Uint8Array): Promise<void>;
  sample(name: string, query?: SampleQuery): Promise<Sampled>;
  close(): Promise<void>;
}

/** The decoder in a workerd of its own, with an R2 bucket that it reads by ranges. */
export async function startDecoderWorker(): Promise<DecoderWorker> {
  const server = createTestHarness({
    workers: [
      {
        config: {
          name: 'decoder-test-worker',
          main: 'workers/video/decoder/testing/decoder-test-worker.ts',
          compatibility_date: '2026-10-01',
          compatibility_flags: ['nodejs_compat'],
          r2_buckets: [{ binding: 'CLIPS', bucket_name: 'clips' }],
        },
      },
    ],
  });
  const { url } = await server.listen();
  const { CLIPS } = await server.getWorker<{ CLIPS: R2Bucket }>().getEnv();
  return {
    put: async (name, bytes) => {
      await CLIPS.put(name, bytes);
    },
    sample: async (name, { count = 0, failAfter = 0, withPixels = false } = {}) => {
      const query = new URLSearchParams({
        count: `${count}`,
        failAfter: `${failAfter}`,
        pixels: withPixels ? '1' : '0',
      });
      const response = await fetch(new URL(`/${encodeURIComponent(name)}?${query}`, url));
      if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
      return unpacked(await response.arrayBuffer());
    },
    close: () => server.close(),
  };
}

function unpacked(body: ArrayBuffer): Sampled {
  const headLength = new DataView(body).getUint32(0, true);
  const report: SampleReport = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, headLength)));
  const pixels: Uint8Array[] = [];
  let offset = 4 + headLength;
  while (offset < body.byteLength) {
    const { width = 0, height = 0 } = report.frames[pixels.length] ?? {};
    if (width === 0) throw new Error('more pixels than frames');
    pixels.push(new Uint8Array(body, offset, width * height * 4));
    offset += width * height * 4;
  }
  return { ...report, pixels };
}
