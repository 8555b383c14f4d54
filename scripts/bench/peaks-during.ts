import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessStatus, resetPeak, statusOf } from './workerd-memory.ts';

const POLL_MS = 10;

export type Processes = readonly ProcessStatus[];

export async function residentNow(processes: Processes): Promise<number[]> {
  return (await statusesOf(processes)).map(({ residentBytes }) => residentBytes);
}

/** By process. The kernel's own peak where it can be started anew, else what was seen in passing. */
export async function peaksDuring(processes: Processes, work: () => Promise<unknown>): Promise<number[]> {
  const isReset = await Promise.all(processes.map(({ id }) => resetPeak(id)));
  const peaks = processes.map(() => 0);
  const look = async () => {
    for (const [i, { peakResidentBytes, residentBytes }] of (await statusesOf(processes)).entries()) {
      peaks[i] = Math.max(peaks[i] ?? 0, isReset[i] ? peakResidentBytes : residentBytes);
    }
  };
  let isDone = false;
  const poll = async () => {
    while (!isDone) {
      await look();
      await sleep(POLL_MS);
    }
  };
  const finish = async () => {
    await work().finally(() => {
      isDone = true;
    });
    await look();
  };
  await Promise.all([poll(), finish()]);
  return peaks;
}

export function overIdle(idle: Processes, bytes: readonly number[]): number[] {
  return idle.map(({ residentBytes }, i) => (bytes[i] ?? Number.NaN) - residentBytes);
}

async function statusesOf(processes: Processes): Promise<ProcessStatus[]> {
  return await Promise.all(
    processes.map(async ({ id }) => {
      const status = await statusOf(id);
      if (status === null) throw new Error('workerd ended while it was measured');
      return status;
    }),
  );
}
