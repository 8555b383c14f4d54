import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realPicture } from '#shared/testing/real-recordings.ts';

const run = promisify(execFile);
let folder: string;

const PEOPLE = {
  franck: ['franck_01829.jpg', 'franck_02221.jpg', 'franck_04000.jpg'],
  cage: ['cage.jpg', 'cage2_crop.jpg'],
  sean: ['SeanConnery.jpg'],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identities-'));
  for (const [person, files] of Object.entries(PEOPLE)) {
    await mkdir(join(folder, person));
    for (const file of files) await copyFile(realPicture(file), join(folder, person, file));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const evaluate = (...args: string[]) => run('node', ['scripts/eval-faces.ts', ...args]);

test('it prints the rates of a folder per person', async () => {
  const { stdout } = await evaluate(folder);
  expect(stdout).toContain('6 pictures, 0 without a face');
  expect(stdout).toContain('3 people, 6 photographs');
  // Three of one and two of another: 3 + 1 pairs, and 15 - 4 unrelated ones.
  expect(stdout).toContain('ACCURATE: 4 genuine pairs, 11 unrelated ones');
  expect(stdout).toMatch(
    /FAST: 4 genuine pairs, 11 unrelated ones\n {2}accepted at one false match in 1,000 +100\.00 %/,
  );
  expect(stdout.match(/rank-1, each against all others +100\.00 %/g)).toHaveLength(2);
});

test.each([
  ['no folder', [], 'Name one folder'],
  ['one that there is not', ['/nowhere'], '/nowhere cannot be read'],
  ['one without people', ['migrations'], 'holds no two folders with pictures'],
  ['an option that there is not', ['x', '--fast'], "Unknown option '--fast'"],
])('%s is told so, with code 1', async (_what, args, message) => {
  await expect(evaluate(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
});
