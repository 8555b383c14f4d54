// npm run calibrate:stills -- DIR: fits `models/still-liveness.json` on half of the sources of a folder of labelled
// pictures and clips, and says how it does on the other half. Takes a minute on one core.
import { writeFile } from 'node:fs/promises';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { fitStillModel } from './calibrate/fit-still-model.ts';
import { type PictureSample, pictureSamples } from './calibrate/picture-samples.ts';
import { readManifest } from './calibrate/read-manifest.ts';
import { reportStills } from './calibrate/report-stills.ts';
import { splitSources } from './calibrate/split-sources.ts';
import { nativeNetworks } from './native/native-networks.ts';
import { repositoryRoot } from './repository-root.ts';

const [directory] = process.argv.slice(2);
if (!directory) {
  console.error('npm run calibrate:stills -- DIR, where DIR has a manifest.tsv: file, label, source');
  process.exit(1);
}

await prepareWeights({
  manifest: parseManifest(manifest),
  modelsDirectory: `${repositoryRoot}/models`,
  log: (line) => console.log(line),
});
const { toFit, heldOut } = splitSources(await gather(directory));
const model = fitStillModel(toFit);
await writeFile(`${repositoryRoot}/models/still-liveness.json`, `${JSON.stringify(model, null, 2)}\n`);
console.log(reportStills('sources that were fitted on', toFit, model));
console.log(reportStills('sources that were held out', heldOut, model));

async function gather(folder: string): Promise<PictureSample[]> {
  const networks = await nativeNetworks();
  const samples: PictureSample[] = [];
  for (const row of await readManifest(folder)) samples.push(...(await pictureSamples(row, networks)));
  return samples;
}
