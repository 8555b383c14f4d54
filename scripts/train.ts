// npm run train -- DIR [-- options of models/training/train.py]: fits our texture network on a folder of labelled clips and
// pictures, judges it by sources that it was not fitted on, and pins what it wrote.
import { resolve } from 'node:path';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { readManifest } from './calibrate/read-manifest.ts';
import { nativeDetector, nativeNetworks, RECAPTURE_FILE } from './native/native-networks.ts';
import { repositoryRoot } from './repository-root.ts';
import { checkParity } from './train/check-parity.ts';
import { exportedFaces } from './train/exported-faces.ts';
import { NPM_FACES } from './train/npm-faces.ts';
import { pinOwnWeight } from './train/pin-own-weight.ts';
import { runPython } from './train/run-python.ts';
import { readTrainOptions, TRAIN_USAGE, TrainUsage } from './train/train-options.ts';

const CACHE = `${repositoryRoot}/models/.cache/training`;

try {
  await train();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof TrainUsage) console.error(TRAIN_USAGE);
  process.exitCode = 1;
}

async function train(): Promise<void> {
  const { directory, run, judgeOnly, python, rest } = readTrainOptions(process.argv.slice(2));
  const log = (line: string) => console.log(line);
  // Ours may be half written, or about to be replaced: it is pinned at the end.
  await prepareWeights({
    manifest: { ...parseManifest(manifest), own: [] },
    modelsDirectory: `${repositoryRoot}/models`,
    log,
  });
  const rows = [...(await readManifest(resolve(directory))), ...NPM_FACES];
  const faces = await exportedFaces(rows, CACHE, await nativeDetector(), log);
  const weights = `${repositoryRoot}/models/weights/texture-liveness.onnx`;
  const out = judgeOnly ? [] : ['--out', RECAPTURE_FILE];
  const where = ['--faces', faces, '--cache', CACHE, '--weights', weights, '--run', run];
  // Of an option that is there twice the last counts: what is compared and pinned below must be what was written.
  await runPython(python, ['train.py', ...rest, ...where, ...out]);
  if (judgeOnly) return;
  await checkParity(faces, `${CACHE}/runs/${run}/parity.json`, await nativeNetworks());
  await pinOwnWeight(`${repositoryRoot}/models`, 'texture-recapture');
  log(`Pinned in models/manifest.json. Next: npm run calibrate -- ${directory} --folds ${CACHE}/runs/${run}`);
}
