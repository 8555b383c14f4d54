import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clips-'));
  for (const name of ['franck', 'cap12', 'cap13'] as const)
    await copyFile(REAL_MEDIA[name], join(folder, `${name}.mp4`));
  const rows = ['franck', 'cap12', 'cap13'].map((name) => `${name}.mp4\tlive\tclmtrackr`);
  await writeFile(join(folder, 'manifest.tsv'), ['file\tlabel\tsource', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const evaluate = (...args: string[]) => run('node', ['scripts/eval-users.ts', ...args]);
/** Of all people, over 0.80: strangers, pairs of people, same clip, other clip. */
const ratesIn = (stdout: string) => [...(/^0\.80.*$/m.exec(stdout)?.[0] ?? '').matchAll(/(\d+) of (\d+)/g)].map(String);

test('one man filmed twice is known again, and never taken for another one', async () => {
  const { stdout } = await evaluate(folder, '--same', 'cap12.mp4=cap13.mp4');
  expect(stdout).toContain('All: 2 people');
  const [strangers, pairs, sameClip, otherClip] = ratesIn(stdout);
  expect(strangers).toMatch(/^0 of [1-9]/);
  expect(pairs).toMatch(/^0 of 1,/);
  expect(sameClip).toMatch(/^(\d+) of \1,/);
  expect(otherClip).toMatch(/^([1-9]\d*) of \1,/);
});

test.each([
  ['no folder', [], 'Name one folder'],
  ['a pair that is none', ['.', '--same', 'x'], '--same x does not name two clips'],
])('%s is told so, with code 1', async (_what, args, message) => {
  await expect(evaluate(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
});
