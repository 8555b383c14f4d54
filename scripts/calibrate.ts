// npm run calibrate -- DIR: fits the fusion models of `models/fusion` on a folder of labelled clips, and says how they do on
// sources that they were not fitted on. The first run takes most of an hour on one core; a cache keeps its records.
import { writeFile } from 'node:fs/promises';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { MODELS, type RegisteredModel } from '../models/registry.ts';
import { fitModel, scoreWithoutOwnSource, type TrainingSet } from './calibrate/fit-model.ts';
import { isClip, readManifest } from './calibrate/read-manifest.ts';
import { report } from './calibrate/report.ts';
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
  const labelled = (wanted: RegExp) => windows.filter(({ label }) => wanted.test(label));
  const { stills, slideShows, slideShowsAsCrops } = stillsFor(samples, minFrames);
  // Crops follow the face, which takes most of the jumps of a slide show away: they are judged, and not fitted.
  const data: TrainingSet = {
    live: labelled(/^live$/),
    recaptures: labelled(/^spoof_(replay|print)/),
    stills,
    slideShows,
  };
  const fitted = fitModel(id, family, data);
  await writeFile(`${repositoryRoot}/models/fusion/${id}.json`, `${JSON.stringify(fitted, null, 2)}\n`);
  const judged = [...windows, ...stills, ...slideShows, ...slideShowsAsCrops];
  console.log(report(id, scoreWithoutOwnSource(judged, data, id, family)));
}
