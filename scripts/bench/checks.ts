import type { ModelId } from '../../models/registry.ts';
import type { PictureKind } from '../../shared/rpc/inference.ts';
import { startLocalServer } from '../../shared/testing/start-local-server.ts';
import { nativeNetworks } from '../native/native-networks.ts';
import { checkPictures } from './check-pictures.ts';
import { CheckRequest } from './check-request.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { nativeBreakdown } from './native-breakdown.ts';
import { startNativePeer } from './native-peer-process.ts';

const ROWS: readonly { count: number; model: ModelId; rounds: number }[] = [
  { count: 10, model: 'mixed-10-v2', rounds: 30 },
  { count: 30, model: 'mixed-30-v2', rounds: 15 },
  { count: 120, model: 'mixed-120-v2', rounds: 6 },
];
const WARM_UP_ROUNDS = 2;
const KINDS: readonly PictureKind[] = ['crop', 'frame'];
const AIM = 'Aim: 10 crops in at most 150 ms, at most 2 x native.';
/** Both sides see the same pixels through the same weights; what differs is rounding. More is another analysis. */
const LARGEST_SCORE_DIFFERENCE = 0.05;

/**
 * What a check takes in workerd, against a plain Node process with native networks and decoder that is asked the same, in
 * turn, so that whatever else the machine does falls on both alike. Ours is asked through the proxy of `wrangler dev`, with
 * keys, limits, credits and storage; the peer has none of them. The times are the client's.
 */
export async function benchChecks(): Promise<void> {
  const networks = await nativeNetworks();
  const most = Math.max(...ROWS.map(({ count }) => count));
  const pictures = await checkPictures(most, networks);
  const [server, peer] = await Promise.all([startLocalServer(), startNativePeer()]);
  try {
    console.log('\nChecks, ours in workerd against native in Node, in turn, same pictures and weights; milliseconds\n');
    console.log(columns('', ['ours p50', 'p95', 'analysis', 'native p50', 'p95', 'analysis', 'ratio p50', 'p95']));
    for (const kind of KINDS) {
      for (const { count, model, rounds } of ROWS) {
        const request = new CheckRequest(kind, model, pictures[kind].slice(0, count));
        const { ours, native } = await takeTurns(request, rounds, server.baseUrl, peer.baseUrl);
        console.log(columns(`${count} ${kind}s, ${rounds} rounds`, cellsOf(ours, native)));
      }
    }
    console.log(`\n  ${AIM} p95 of few rounds is near their maximum.`);
    console.log('\nNative, by step\n');
    for (const kind of KINDS)
      console.log((await nativeBreakdown(kind, pictures[kind].slice(0, 30), networks)).join('\n'));
  } finally {
    peer.stop();
    await server.stop();
  }
}

interface Side {
  took: Distribution;
  /** As the side itself states it: without reading the body. */
  analysis: Distribution;
}

async function takeTurns(request: CheckRequest, rounds: number, oursUrl: string, nativeUrl: string) {
  const ours: Awaited<ReturnType<CheckRequest['post']>>[] = [];
  const native: typeof ours = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const ourAnswer = await request.post(oursUrl);
    const nativeAnswer = await request.post(nativeUrl);
    if (Math.abs(ourAnswer.realScore - nativeAnswer.realScore) > LARGEST_SCORE_DIFFERENCE) {
      throw new Error(`not the same work: scores ${ourAnswer.realScore} and ${nativeAnswer.realScore}`);
    }
    if (round < 0) continue;
    ours.push(ourAnswer);
    native.push(nativeAnswer);
  }
  const sideOf = (answers: typeof ours): Side => ({
    took: distributionOf(answers.map(({ tookMs }) => tookMs)),
    analysis: distributionOf(answers.map(({ processingMs }) => processingMs)),
  });
  return { ours: sideOf(ours), native: sideOf(native) };
}

function cellsOf(ours: Side, native: Side): string[] {
  const ms = (value: number) => value.toFixed(0);
  const sideCells = ({ took, analysis }: Side) => [ms(took.p50), ms(took.p95), ms(analysis.p50)];
  const ratio = (at: 'p50' | 'p95') => `${(ours.took[at] / native.took[at]).toFixed(2)} x`;
  return [...sideCells(ours), ...sideCells(native), ratio('p50'), ratio('p95')];
}

function columns(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(11)).join('')}`;
}
