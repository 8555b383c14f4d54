// npm run calibrate -- DIR [--folds RUN]: fits the fusion models of `models/fusion` on a folder of labelled clips, and says how they do on
// sources that they were not fitted on. The first run takes most of an hour on one core; a cache keeps its records.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { MODELS, type RegisteredModel } from '../models/registry.ts';
import { fitModel, scoreWithoutOwnSource, type TrainingSet } from './calibrate/fit-model.ts';
import { foldNetworks } from './calibrate/fold-networks.ts';
import { pictureEvidence } from './calibrate/picture-evidence.ts';
import { isClip, readManifest } from './calibrate/read-manifest.ts';
import { report, reportPictures } from './calibrate/report.ts';
import {
  clipSamples,
  type Sample,
  slideShowSamples,
  stillSamples,
  stillsFor,
  windowsFor,
} from './calibrate/samples.ts';
import { repositoryRoot } from './repository-root.ts';

const { directory, folds } = readArguments();
if (!directory) {
  console.error('npm run calibrate -- DIR [--folds RUN], where DIR has a manifest.tsv: file, label, source');
  console.error('and RUN is what `npm run train` left of its run: networks that have not seen the source they judge');
  process.exit(1);
}
if (folds === null) {
  console.log('Measured with the committed network: where it was trained on these clips, its figures here say little.');
}

await prepareWeights({
  manifest: parseManifest(manifest),
  modelsDirectory: `${repositoryRoot}/models`,
  log: (line) => console.log(line),
});
const samples = await gather(directory);
const pictures = await gatherPictures(directory);
for (const model of MODELS) await calibrate(model);

function readArguments(): { directory: string | undefined; folds: string | null } {
  const { values, positionals } = parseArgs({ options: { folds: { type: 'string' } }, allowPositionals: true });
  return { directory: positionals[0], folds: values.folds ?? null };
}

async function gather(folder: string): Promise<Sample[]> {
  const networksFor = await foldNetworks(folds);
  const gathered: Sample[] = [];
  for (const clip of (await readManifest(folder)).filter(isClip)) {
    const networks = await networksFor(clip.source);
    if (networks === null) {
      console.log(`${clip.file}: left out, for its source is in no fold of ${folds}`);
      continue;
    }
    gathered.push(...(await clipSamples(clip, networks)));
    if (clip.label === 'live') {
      gathered.push(...(await slideShowSamples(clip, networks)), ...(await stillSamples(clip, networks)));
    }
    console.log(`${clip.file}: ${gathered.length} recordings so far`);
  }
  return gathered;
}

async function gatherPictures(folder: string): Promise<TrainingSet['pictures']> {
  const networksFor = await foldNetworks(folds);
  const gathered: Sample[] = [];
  for (const row of (await readManifest(folder)).filter(({ label }) => label.startsWith('image:'))) {
    const networks = await networksFor(row.source);
    if (networks !== null) gathered.push(...(await pictureEvidence(row, networks)));
  }
  const labelled = (wanted: RegExp) => gathered.filter(({ label }) => wanted.test(label));
  return { live: labelled(/^live$/), recaptures: labelled(/^spoof_(replay|print)/) };
}

async function calibrate({ id, family, minFrames }: RegisteredModel): Promise<void> {
  const windows = windowsFor(samples, minFrames);
  const labelled = (wanted: RegExp) => windows.filter(({ label }) => wanted.test(label));
  const { stills, slideShows, slideShowsAsCrops } = stillsFor(samples, minFrames);
  // Crops follow the face, which takes most of the jumps of a slide show away: they are judged, and not fitted.
  const data: TrainingSet = {
    live: labelled(/^live$/),
    recaptures: labelled(/^spoof_(replay|print)/),
    pictures,
    stills,
    slideShows,
  };
  const fitted = fitModel(id, family, data);
  await writeFile(`${repositoryRoot}/models/fusion/${id}.json`, `${JSON.stringify(fitted, null, 2)}\n`);
  const judged = [...windows, ...stills, ...slideShows, ...slideShowsAsCrops];
  console.log(report(id, scoreWithoutOwnSource(judged, data, id, family)));
  const single = [...pictures.live, ...pictures.recaptures];
  if (single.length > 0) console.log(reportPictures(scoreWithoutOwnSource(single, data, id, family)));
}
