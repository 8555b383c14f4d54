import { areaUnderRoc, equalErrorRate } from '../eval/roc.ts';
import type { Scored } from './fit-model.ts';

const THRESHOLD = 0.65;
/** Of a still the frames between are not made, so that its continuity cannot be measured; it is taken to be good. */
const GOOD_LOG_ODDS = 4;

/** What a model would have said of sources that it was not fitted on. */
export function report(model: string, scored: readonly Scored[]): string {
  const textures = texturesOfClips(scored);
  const score = (one: Scored) => (isMovingStill(one) ? scoreOfStill(one, textures) : one.score);
  const those = (wanted: RegExp) => scored.filter(({ sample }) => wanted.test(sample.label));
  const live = those(/^live$/);
  const recaptures = those(/^spoof_(replay|print)/);
  const doctored = those(/^spoof_(deepfake|faceswap)/);
  const passed = (list: readonly Scored[]) => list.filter((one) => score(one) >= THRESHOLD).length;
  const rate = (count: number, list: readonly Scored[]) =>
    `${((100 * count) / Math.max(1, list.length)).toFixed(1)} % of ${list.length}`;
  const [liveScores, attackScores] = [live.map(score), recaptures.map(score)];
  const kinds = Map.groupBy(those(/^still: /), ({ sample }) => sample.label.slice('still: '.length));
  const stills = [...kinds].map(([kind, list]) => `${kind} ${passed(list)}/${list.length}`);
  return [
    `${model}: live refused ${rate(live.length - passed(live), live)}, recaptures passed ${rate(passed(recaptures), recaptures)}, ` +
      `AUC ${areaUnderRoc(liveScores, attackScores).toFixed(3)}, ` +
      `EER ${(100 * equalErrorRate(liveScores, attackScores)).toFixed(1)} %, ` +
      `doctored files passed ${rate(passed(doctored), doctored)}`,
    `    stills passed: ${stills.join(', ')}`,
  ].join('\n');
}

/** Single pictures have texture alone, so it is that side alone that is reported of them. */
export function reportPictures(scored: readonly Scored[]): string {
  const probability = ({ texture }: Scored) => 1 / (1 + Math.exp(-texture));
  const [live, attacks] = [true, false].map((isLive) =>
    scored.filter(({ sample }) => (sample.label === 'live') === isLive).map(probability),
  );
  const share = (list: readonly number[] = [], isWrong: (score: number) => boolean) =>
    `${((100 * list.filter(isWrong).length) / Math.max(1, list.length)).toFixed(1)} % of ${list.length}`;
  return (
    `    texture of single pictures: live refused ${share(live, (score) => score < THRESHOLD)}, ` +
    `recaptures passed ${share(attacks, (score) => score >= THRESHOLD)}, AUC ${areaUnderRoc(live ?? [], attacks ?? []).toFixed(3)}`
  );
}

function isMovingStill({ sample }: Scored): boolean {
  return sample.label.startsWith('still: ') && sample.evidence.textureMargin === null;
}

/** Stills are drawn without asking the texture model; each is as good as the clip that it was taken from. */
function scoreOfStill({ sample, motion }: Scored, textures: ReadonlyMap<string, number>): number {
  const texture = textures.get(sample.file) ?? GOOD_LOG_ODDS;
  return 1 / (1 + Math.exp(-texture) + Math.exp(-motion) + Math.exp(-GOOD_LOG_ODDS));
}

function texturesOfClips(scored: readonly Scored[]): Map<string, number> {
  const live = scored.filter(({ sample }) => sample.label === 'live' && sample.kind === 'frame');
  const byFile = Map.groupBy(live, ({ sample }) => sample.file);
  return new Map(
    [...byFile].map(([file, list]) => [file, list.reduce((sum, { texture }) => sum + texture, 0) / list.length]),
  );
}
