// npm run calibrate:faces -- DIR [--write]: fits the score of face search on the unrelated pairs of a folder per person, and
// says what it would change. With --write it writes models/face-score.json, which is a change of the API: see its golden test.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fitFaceScore } from './calibrate/fit-face-score.ts';
import { comparePhotographs } from './eval/faces/compare-photographs.ts';
import { embedPhotographs } from './eval/faces/embed-photographs.ts';
import { shareAbove } from './eval/faces/face-rates.ts';
import { halvesOf } from './eval/faces/halves-of.ts';
import { FacesUsage, readIdentities } from './eval/faces/read-identities.ts';
import { prepare } from './prepare.ts';
import { repositoryRoot } from './repository-root.ts';

const FILE = `${repositoryRoot}/models/face-score.json`;
const progress = (line: string) => console.error(`  ${line}`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});

try {
  const [directory] = positionals;
  if (directory === undefined) throw new FacesUsage('Name one folder');
  const identities = await readIdentities(resolve(directory));
  await prepare(progress);
  const { photographs } = await embedPhotographs(identities, progress);

  // Whether the way of fitting holds for people that it has not seen; the table itself is then fitted on all.
  const [tuned, judged] = halvesOf(photographs);
  for (const [from, to] of [
    [tuned, judged],
    [judged, tuned],
  ] as const) {
    const { knots } = fitFaceScore(comparePhotographs(from, 'flipped').unrelated);
    const others = comparePhotographs(to, 'flipped');
    for (const [cosine, score] of knots.slice(1, -1)) {
      const rate = (1000 * shareAbove(others.unrelated, cosine)).toFixed(2);
      const accepted = (100 * shareAbove(others.genuine, cosine)).toFixed(1);
      console.log(
        `one half's ${score.toFixed(1)} on the other: ${rate} in 1,000 unrelated, ${accepted} % of genuine pairs`,
      );
    }
  }

  const table = fitFaceScore(comparePhotographs(photographs, 'flipped').unrelated);
  const text = `${JSON.stringify(table, null, 2)}\n`;
  const before = await readFile(FILE, 'utf8').catch(() => '');
  console.log(
    JSON.stringify(JSON.parse(before || 'null')) === JSON.stringify(table)
      ? 'Nothing changes.'
      : `Now ${before}Then ${text}`,
  );
  if (values.write) await writeFile(FILE, text);
} catch (error) {
  if (!(error instanceof FacesUsage)) throw error;
  console.error(`\n${error.message}\n`);
  process.exitCode = 1;
}
