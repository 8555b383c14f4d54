import { type ChildProcess, spawn } from 'node:child_process';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { repositoryRoot } from '../repository-root.ts';

const TRAINING = `${repositoryRoot}/models/training`;

/** Runs a script of models/training to its end, which it must come to without an error. */
export async function runPython(python: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, FFMPEG: process.env.FFMPEG ?? ffmpeg.path };
  const child = spawn(python, [...args], { cwd: TRAINING, stdio: 'inherit', env });
  const ended = await endOf(child).catch((error) => {
    throw new Error(`${python} cannot be started (--python names another): ${String(error)}`, { cause: error });
  });
  if (ended === 0) return;
  throw new Error(
    `Training stopped (${ended}). What it needs: python3 -m pip install -r models/training/requirements.txt. ` +
      'The same command goes on where it stopped.',
  );
}

/** Its exit code, or the signal that ended it; rejects when it never began. */
function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}
