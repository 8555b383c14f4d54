import { MODELS } from '../../models/registry.ts';
import type { FrameEvidence, PictureKind } from '../../shared/rpc/inference.ts';
import { analyseFrame } from '../../workers/inference/frame/analyse-frame.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { samplingOf } from '../../workers/inference/frame/sampling.ts';
import { judgeCheck } from '../../workers/inference/judge-check.ts';
import { sharpDecoder } from './sharp-decoder.ts';

type Step = 'decode' | keyof Networks | 'rest' | 'judge';
type Spent = Record<Step, { ms: number; runs: number }>;

const ROUNDS = 5;

/** Where the time of one check goes on the native side, in milliseconds of the whole check. */
export async function nativeBreakdown(
  kind: PictureKind,
  pictures: readonly Buffer[],
  networks: Networks,
): Promise<string[]> {
  const rounds: Spent[] = [];
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await oneCheck(kind, pictures, networks));
  const counted = rounds.slice(1);
  const share = (ms: number) => (ms / counted.length / pictures.length).toFixed(2).padStart(6);
  const row = (name: string, step: Step) => {
    const ms = counted.reduce((sum, spent) => sum + spent[step].ms, 0);
    const runs = counted.reduce((sum, spent) => sum + spent[step].runs, 0);
    return `    ${name.padEnd(34)}${share(ms)} ms   ${(ms / runs).toFixed(2).padStart(6)} ms x ${runs / counted.length}`;
  };
  return [
    `  a ${kind} among ${pictures.length}: mean of each, then one run x runs in the check`,
    row('decode (libvips)', 'decode'),
    row('detector', 'detectFaces'),
    row('texture', 'judgeTexture'),
    row('landmarks', 'findLandmarks'),
    row('rest (scaling, cues of the frame)', 'rest'),
    row('judge', 'judge'),
  ];
}

async function oneCheck(kind: PictureKind, pictures: readonly Buffer[], networks: Networks): Promise<Spent> {
  const none = () => ({ ms: 0, runs: 0 });
  const spent: Spent = {
    decode: none(),
    detectFaces: none(),
    judgeTexture: none(),
    findLandmarks: none(),
    rest: none(),
    judge: none(),
  };
  const timed = async <Result>(step: Step, work: () => Result | Promise<Result>): Promise<Result> => {
    const startedAt = performance.now();
    const result = await work();
    spent[step].ms += performance.now() - startedAt;
    spent[step].runs++;
    return result;
  };
  const timedNetworks: Networks = {
    detectFaces: (input) => timed('detectFaces', () => networks.detectFaces(input)),
    judgeTexture: (input) => timed('judgeTexture', () => networks.judgeTexture(input)),
    findLandmarks: (input) => timed('findLandmarks', () => networks.findLandmarks(input)),
  };
  const evidence: FrameEvidence[] = [];
  for (const [ordinal, bytes] of pictures.entries()) {
    const decoded = await timed('decode', () => sharpDecoder(bytes, kind));
    if (!decoded.ok) throw new Error(`a picture of the benchmark is ${decoded.problem}`);
    const previousFace = evidence.at(-1)?.face ?? null;
    const frame = { picture: decoded.picture, kind, sampling: samplingOf(ordinal), previousFace };
    evidence.push(await timed('rest', () => analyseFrame(frame, timedNetworks)));
  }
  spent.rest.ms -= spent.detectFaces.ms + spent.judgeTexture.ms + spent.findLandmarks.ms;
  const model = MODELS.find(({ minFrames, family }) => minFrames === pictures.length && family === 'mixed-v2');
  if (!model) throw new Error(`no model takes ${pictures.length} frames`);
  const judged = await timed('judge', () => judgeCheck({ model: model.id, evidence, fps: null }, console.error));
  if (!judged.ok) throw new Error(judged.reason);
  return spent;
}
