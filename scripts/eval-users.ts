// node scripts/eval-users.ts DIR [--same CLIP=CLIP]...: how often returning users are known again and taken for each other, on the
// live clips of a folder with a manifest.tsv, by the code of the face Worker and the sessions Worker. Each clip is a person, but
// for those that --same names (files as in the manifest).
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cosineFrom } from '../models/face-score.ts';
import { readManifest } from './calibrate/read-manifest.ts';
import { type ClipSession, clipSessions } from './eval/faces/clip-sessions.ts';
import { halvesOf } from './eval/faces/halves-of.ts';
import { type Trials, userRates } from './eval/faces/user-rates.ts';
import { nativeNetworks } from './native/native-networks.ts';
import { prepare } from './prepare.ts';

const SCORES = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];
const progress = (line: string) => console.error(`  ${line}`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { same: { type: 'string', multiple: true, default: [] } },
});
const [directory] = positionals;
if (directory === undefined || positionals.length > 1) throw new Error('Name one folder');
const firstOf = new Map(
  values.same.map((pair): [string, string] => {
    const [first, second] = pair.split('=');
    if (!first || !second) throw new Error(`--same ${pair} does not name two clips`);
    return [second, first];
  }),
);
const clips = (await readManifest(resolve(directory))).filter(({ label }) => label === 'live');
await prepare(progress);
const personOf = ({ file }: { file: string }) => firstOf.get(file) ?? file;
const { sessions, missed } = await clipSessions(clips, personOf, await nativeNetworks(), progress);

console.log(`${clips.length} clips, ${sessions.length} recordings; of ${missed.length} more nothing would be compared`);
for (const [outcome, those] of Map.groupBy(missed, (one) => one.outcome)) console.log(`  ${outcome}: ${those.length}`);
const [one, other] = halvesOf(sessions);
console.log(formatRates('All', sessions));
console.log(formatRates('Every second person by the name of the clip, from the first on', one));
console.log(formatRates('The others', other));

function formatRates(title: string, of: readonly ClipSession[]): string {
  const people = new Set(of.map(({ person }) => person)).size;
  const rows = SCORES.map((score) => {
    const { strangers, pairsOfPeople, sameClip, otherClip } = userRates(of, cosineFrom(score));
    return [score.toFixed(2), ...[strangers, pairsOfPeople, sameClip, otherClip].map(share)].join('  ');
  });
  const head = 'over   strangers         pairs of people   same clip         other clip';
  return [`\n${title}: ${people} people`, head, ...rows].join('\n');
}

function share({ accepted, trials }: Trials): string {
  return `${accepted} of ${trials}`.padEnd(16);
}
