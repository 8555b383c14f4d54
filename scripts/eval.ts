// npm run eval -- DIR: how often attacks get in and people are turned away, on labelled clips, by the real service.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startLocalServer } from '../shared/testing/start-local-server.ts';
import { isClip, type LabelledClip, readManifest } from './calibrate/read-manifest.ts';
import { EVAL_USAGE, type EvalOptions, EvalUsage, readEvalOptions } from './eval/eval-options.ts';
import { evaluate } from './eval/evaluate.ts';
import { formatEvaluation } from './eval/format-evaluation.ts';
import { summarise } from './eval/summarise.ts';
import { nativeNetworks } from './native/native-networks.ts';
import { prepare } from './prepare.ts';
import { repositoryRoot } from './repository-root.ts';

const progress = (line: string) => console.error(`  ${line}`);

try {
  const options = readEvalOptions(process.argv.slice(2));
  const clips = await clipsOf(options.directory);
  const jsonFile = options.jsonFile === null ? null : resolve(options.jsonFile);
  // The server is started from where its configuration lies.
  process.chdir(repositoryRoot);
  await run(clips, options, jsonFile);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof EvalUsage) console.error(EVAL_USAGE);
  process.exitCode = 1;
}

async function clipsOf(directory: string): Promise<LabelledClip[]> {
  const rows = await readManifest(resolve(directory)).catch((error: unknown) => {
    throw new EvalUsage(`There is no manifest.tsv to be read in ${directory}`, { cause: error });
  });
  const clips = rows.filter(isClip);
  if (clips.length === 0) throw new EvalUsage(`manifest.tsv in ${directory} names no clip that is live or spoof_`);
  return clips;
}

async function run(clips: readonly LabelledClip[], options: EvalOptions, jsonFile: string | null): Promise<void> {
  await prepare(progress);
  const networks = await nativeNetworks();
  const server = await startLocalServer();
  try {
    const { judged, notTested, hasFaults } = await evaluate(clips, options, { networks, progress }, server.baseUrl);
    const summaries = options.models.flatMap(({ id }) =>
      options.endpoints.flatMap((endpoint) => summarise(id, endpoint, judged) ?? []),
    );
    console.log(formatEvaluation(summaries, { notTested, judged }, options));
    if (jsonFile) await writeFile(jsonFile, JSON.stringify({ summaries, notTested, judged }, null, 2));
    if (judged.length === 0) throw new Error('Nothing could be judged.');
    if (hasFaults) throw new Error('Some recordings got no verdict; see what is listed as not tested.');
  } finally {
    await server.stop();
  }
}
