// npm run eval:faces -- DIR [--halves]: how often people are known again and taken for each other, on a folder per person, by the
// code, the decoders and the networks of the face Worker. With --halves also for every second person, and for the others.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { embedPhotographs } from './eval/faces/embed-photographs.ts';
import { formatFaces } from './eval/faces/format-faces.ts';
import { halvesOf } from './eval/faces/halves-of.ts';
import { FacesUsage, readIdentities } from './eval/faces/read-identities.ts';
import { prepare } from './prepare.ts';

const USAGE = 'npm run eval:faces -- DIR [--halves]\n\nDIR holds a folder per person, each with pictures of them.\n';
const progress = (line: string) => console.error(`  ${line}`);

try {
  const { directory, halves } = readArguments();
  const photographs = await readIdentities(directory);
  await prepare(progress);
  const embedded = await embedPhotographs(photographs, progress);
  console.log(`${directory}: ${photographs.length} pictures, ${embedded.missed.length} without a face`);
  for (const { file } of embedded.missed) console.log(`  no face: ${file}`);
  console.log(formatFaces(embedded.photographs));
  if (halves) {
    const [tuned, judged] = halvesOf(embedded.photographs);
    console.log(`\nEvery second person by name, from the first on\n${formatFaces(tuned)}`);
    console.log(`\nThe others\n${formatFaces(judged)}`);
  }
} catch (error) {
  if (!(error instanceof FacesUsage)) throw error;
  console.error(`\n${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
}

function readArguments(): { directory: string; halves: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { halves: { type: 'boolean', default: false } },
    });
    const [directory, ...more] = positionals;
    if (directory === undefined || more.length > 0) throw new FacesUsage('Name one folder');
    return { directory: resolve(directory), halves: values.halves };
  } catch (error) {
    if (error instanceof FacesUsage) throw error;
    throw new FacesUsage(error instanceof Error ? error.message : 'The arguments cannot be read');
  }
}
