import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPython } from './run-python.ts';

// Any program that takes a text to run will do.
const runScript = (script: string) => runPython(process.execPath, ['-e', script]);

test('it runs where train.py lies, and is told where ffmpeg is', async () => {
  const seen = "fs.existsSync('train.py') && fs.existsSync(process.env.FFMPEG)";
  await expect(runScript(`process.exit(${seen} ? 0 : 3)`)).resolves.toBeUndefined();
});

test('a script that fails says with what, and what it may lack', async () => {
  await expect(runScript('process.exit(3)')).rejects.toThrow(/stopped \(3\).*requirements\.txt/);
});

test('one that is ended from outside has not succeeded', async () => {
  await expect(runScript("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow('stopped (SIGKILL)');
});

test('without a Python of that name, the error names it and the option', async () => {
  const nowhere = '/nowhere/python3';
  expect(existsSync(nowhere)).toBe(false);
  await expect(runPython(nowhere, [])).rejects.toThrow(/\/nowhere\/python3 cannot be started \(--python .*ENOENT/);
});
