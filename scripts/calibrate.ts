// npm run calibrate -- DIR: fits the fusion models of `models/fusion` on a folder of labelled clips, and says how they do on
// sources that they were not fitted on. The first run takes the better part of an hour on one core; a cache keeps its records.
import { writeFile } from 'node:fs/promises';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { MODELS, type RegisteredModel } from '../models/registry.ts';
import { fitModel, scoreWithoutOwnSource, type TrainingSet } from './calibrate/fit-model.ts';
import { isClip, readManifest } from './calibrate/read-manifest.ts';
import {
  clipSamples,
  type Sample,
  slideShowSamples,
  stillSamples,
  stillsFor,
  windowsFor,
} from './calibrate/samples.ts';
import { nativeNetworks } from './native/native-networks.ts';
import { repositoryRoot } from './repository-root.ts';

const THRESHOLD = 0.65;
const LEAST_LOG_ODDS = Math.log(THRESHOLD / (1 - THRESHOLD));

const [directory] = process.argv.slice(2);
if (!directory) {
  console.error('npm run calibrate -- DIR, where DIR has a manifest.tsv: file, label, source');
  process.exit(1);
}

await prepareWeights({
  manifest: parseManifest(manifest),
  modelsDirectory: `${repositoryRoot}/models`,
  log: (line) => console.log(line),
});
const samples = await gather(directory);
for (const model of MODELS) await calibrate(model);

async function gather(folder: string): Promise<Sample[]> {
  const networks = await nativeNetworks();
  const gathered: Sample[] = [];
  for (const clip of (await readManifest(folder)).filter(isClip)) {
    gathered.push(...(await clipSamples(clip, networks)));
    if (clip.label === 'live') {
      gathered.push(...(await slideShowSamples(clip, networks)), ...(await stillSamples(clip, networks)));
    }
    console.log(`${clip.file}: ${gathered.length} recordings so far`);
  }
  return gathered;
}

async function calibrate({ id, family, minFrames }: RegisteredModel): Promise<void> {
  const windows = windowsFor(samples, minFrames);
  const data: TrainingSet = {
    live: windows.filter(({ label }) => label === 'live'),
    recaptures: windows.filter(({ label }) => /^spoof_(replay|print)/.test(label)),
    ...stillsFor(samples, minFrames),
  };
  const fitted = fitModel(id, family, data);
  await writeFile(`${repositoryRoot}/models/fusion/${id}.json`, `${JSON.stringify(fitted, null, 2)}\n`);
  const everything = [...data.live, ...data.recaptures, ...data.stills, ...data.slideShows];
  const scored = scoreWithoutOwnSource(everything, data, id, family);
  const share = (list: typeof scored, passes: (one: (typeof scored)[number]) => boolean) =>
    `${((100 * list.filter(passes).length) / Math.max(1, list.length)).toFixed(1)} % of ${list.length}`;
  const of = (wanted: readonly Sample[]) => scored.filter(({ sample }) => wanted.includes(sample));
  console.log(
    `${id.padEnd(18)} other sources: live refused ${share(of(data.live), ({ score }) => score < THRESHOLD)}, ` +
      `recaptures passed ${share(of(data.recaptures), ({ score }) => score >= THRESHOLD)}, ` +
      `stills passed by motion ${share(of(data.stills), ({ motion }) => motion >= LEAST_LOG_ODDS)}, ` +
      `slide shows by continuity ${share(of(data.slideShows), ({ continuity }) => continuity >= LEAST_LOG_ODDS)}`,
  );
}
