import type { ModelId } from '../../models/registry.ts';
import { startLocalServer } from '../../shared/testing/start-local-server.ts';
import { nativeNetworks } from '../native/native-networks.ts';
import { checkPictures } from './check-pictures.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { streamSession } from './stream-session.ts';
import { benchManySessions } from './stream-sessions-at-once.ts';

const ROWS: readonly { count: number; model: ModelId }[] = [
  { count: 10, model: 'mixed-10-v2' },
  { count: 30, model: 'mixed-30-v2' },
  { count: 60, model: 'mixed-60-v2' },
  { count: 120, model: 'mixed-120-v2' },
];
const WARM_UP_ROUNDS = 2;
const ROUNDS = 20;
const AIM_MS = 40;
const AIM_RATIO = 1.3;

interface Times {
  last: number[];
  others: number[];
}

/**
 * What the last frame of a stream takes, which brings the verdict, for streams of all lengths in turn, so that whatever else
 * the machine does falls on all alike. Then many sessions at once.
 */
export async function benchStream(): Promise<void> {
  const most = Math.max(...ROWS.map(({ count }) => count));
  const { frame } = await checkPictures(most, await nativeNetworks());
  const server = await startLocalServer();
  try {
    await benchLastFrame(server.baseUrl, frame);
    await benchManySessions(server.baseUrl, frame.slice(0, 10));
  } finally {
    await server.stop();
  }
}

async function benchLastFrame(baseUrl: string, frames: readonly Buffer[]): Promise<void> {
  const times = new Map<number, Times>(ROWS.map(({ count }) => [count, { last: [], others: [] }]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const { count, model } of ROWS) {
      const taken = await streamSession(baseUrl, model, frames.slice(0, count));
      const known = times.get(count);
      if (round < 0 || !known) continue;
      known.last.push(...taken.slice(-1));
      known.others.push(...taken.slice(0, -1));
    }
  }
  console.log(`\nStream, frames of 640x480 one after the other, ${ROUNDS} sessions each, in turn; milliseconds\n`);
  console.log(columns('', ['last p50', 'p95', 'others p50', 'p95']));
  const last = new Map<number, Distribution>();
  for (const [count, { last: ofLast, others }] of times) {
    const [a, b] = [distributionOf(ofLast), distributionOf(others)];
    last.set(count, a);
    console.log(
      columns(
        `${count} frames`,
        [a.p50, a.p95, b.p50, b.p95].map((ms) => ms.toFixed(1)),
      ),
    );
  }
  const ratio = (at: 'p50' | 'p95') => ((last.get(120)?.[at] ?? Number.NaN) / (last.get(10)?.[at] ?? 0)).toFixed(2);
  console.log(`\n  Last frame of 120 against last of 10: ${ratio('p50')} at p50, ${ratio('p95')} at p95.`);
  console.log(`  Aim: at most ${AIM_RATIO}, and at most ${AIM_MS} ms. The p95 of ${ROUNDS} is near their maximum.`);
  console.log('  The times are the client’s, through the proxy of `wrangler dev`.');
}

function columns(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
