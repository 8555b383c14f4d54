import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalServer } from '../../shared/testing/start-local-server.ts';
import { submitVideo, type VideoClient, videoResult } from '../../shared/testing/submit-video.ts';
import { overIdle, peaksDuring } from './peaks-during.ts';
import { ownWorkerds } from './workerd-memory.ts';

const MODELS = ['mixed-10-v2', 'mixed-120-v2'] as const;
const LARGEST_UPLOAD_BYTES = 99_900_000;
const AIM_MIB = 128;
const ENDS_WITHIN_MS = 300_000;
const SETTLE_MS = 1_000;
const MIB = 2 ** 20;

/**
 * What a film takes in the server above what it holds when idle, and what of it is the decoder's. Everything runs in one process
 * here (gateway, decoder, inference), where in production each has 128 MB of its own.
 */
export async function benchVideoMemory(
  path: string,
  { memoryBytes, durationMs }: { memoryBytes: number; durationMs: number },
): Promise<void> {
  const megabytes = ((await stat(path)).size / 1e6).toFixed(1);
  console.log(`\nMemory of a film of ${(durationMs / 1000).toFixed(0)} s, 1920x1080, ${megabytes} MB\n`);
  report('the decoder’s WASM', memoryBytes);
  if (process.platform !== 'linux')
    return console.log('  The process is not measured: that is read from /proc, which only Linux has.\n');
  const server = await startLocalServer();
  const client: VideoClient = { baseUrl: server.baseUrl, key: 'sk-local-acme', tenant: 'acme' };
  try {
    const bytes = Uint8Array.from(await readFile(path));
    const send = async (model: string) => {
      const { data } = await submitVideo(client, { video_file: { name: 'minute.mp4', bytes }, model });
      const { status, error } = await videoResult(client, data?.submission_id ?? '', ENDS_WITHIN_MS);
      if (status !== 'completed') throw new Error(`the film ended ${status}: ${error}`);
    };
    // Once to warm up: weights, runtime and decoder are loaded, and the heap has grown to what it takes.
    await send(MODELS[0]);
    await sleep(SETTLE_MS);
    const [idle] = (await ownWorkerds()).toSorted((a, b) => b.residentBytes - a.residentBytes);
    if (idle === undefined) throw new Error('no workerd is running under this process');
    report('the process when idle', idle.residentBytes);
    for (const model of MODELS) {
      const startedAtMs = Date.now();
      const [peak = 0] = overIdle([idle], await peaksDuring([idle], () => send(model)));
      report(
        `over that, uploading and judging by ${model}`,
        peak,
        `  ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`,
      );
    }
    const noise = { name: 'noise.mp4', bytes: new Uint8Array(LARGEST_UPLOAD_BYTES) };
    const [peak = 0] = overIdle([idle], await peaksDuring([idle], () => submitVideo(client, { video_file: noise })));
    report('over that, an upload of 99.9 MB', peak);
    console.log(`\n  Aim: under ${AIM_MIB} MiB for the film.`);
  } finally {
    await server.stop();
  }
}

function report(what: string, bytes: number, more = ''): void {
  console.log(`  ${what.padEnd(52)}${(bytes / MIB).toFixed(1).padStart(8)} MiB${more}`);
}
