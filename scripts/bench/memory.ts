import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalServer } from '../../shared/testing/start-local-server.ts';
import { nativeNetworks } from '../native/native-networks.ts';
import { checkPictures } from './check-pictures.ts';
import { CheckRequest } from './check-request.ts';
import { overIdle, peaksDuring, residentNow } from './peaks-during.ts';
import { ownWorkerds } from './workerd-memory.ts';

const FRAMES = 120;
const LEAST_BODY_BYTES = 36e6;
/** The film is smooth. Compressed little, its frames are as large as those of a camera, which have noise. */
const COMPRESSION_LEVEL = 2;
const AIM_MIB = 64;
const WARM_UP_CHECKS = 10;
const ROUNDS = 3;
const SETTLE_MS = 1_000;
const MIB = 2 ** 20;

/**
 * How much memory a body of 120 whole frames takes in the server above what it holds when idle: once, and two at once.
 * Idle is after a few small checks, with weights, codecs and a warmed-up heap; it stays the same measure for all rounds, so
 * that what a check leaves behind shows.
 */
export async function benchMemory(): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('\nMemory: not measured. It is read from /proc, which only Linux has.\n');
    return;
  }
  const { frame } = await checkPictures(FRAMES, await nativeNetworks(), COMPRESSION_LEVEL);
  const small = new CheckRequest('frame', 'mixed-10-v2', frame.slice(0, 10));
  const large = new CheckRequest('frame', 'mixed-120-v2', frame);
  if (large.bodyBytes < LEAST_BODY_BYTES) throw new Error(`the body has only ${large.bodyBytes} bytes`);
  const server = await startLocalServer();
  try {
    for (let i = 0; i < WARM_UP_CHECKS; i++) await small.post(server.baseUrl);
    await sleep(SETTLE_MS);
    const idle = (await ownWorkerds()).sort((a, b) => b.residentBytes - a.residentBytes);
    if (idle.length === 0) throw new Error('no workerd is running under this process');
    console.log(
      `\nMemory over idle, ${FRAMES} frames of 640x480 in ${(large.bodyBytes / 1e6).toFixed(1)} MB of JSON\n`,
    );
    report(
      'idle',
      idle.map(({ residentBytes }) => residentBytes),
    );
    for (const atOnce of [1, 2]) {
      const name = atOnce === 1 ? 'one check' : `${atOnce} checks at once`;
      for (let round = 1; round <= ROUNDS; round++) {
        await sleep(SETTLE_MS);
        report(`${name}, round ${round}: before`, overIdle(idle, await residentNow(idle)));
        const peaks = await peaksDuring(idle, () => Promise.all(streams(large, atOnce, server.baseUrl)));
        report('  peak', overIdle(idle, peaks));
      }
    }
    console.log(`\n  Aim: at most ${AIM_MIB} MiB for one. The first column is the Worker, the next wrangler's proxy.`);
  } finally {
    await server.stop();
  }
}

function streams(request: CheckRequest, count: number, baseUrl: string) {
  return Array.from({ length: count }, () => request.stream(baseUrl));
}

function report(name: string, bytes: readonly number[]): void {
  const cells = bytes.map((one) => `${(one / MIB).toFixed(1).padStart(8)} MiB`);
  console.log(`  ${name.padEnd(36)}${cells.join('')}`);
}
