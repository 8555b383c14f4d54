import { readdir, readFile, writeFile } from 'node:fs/promises';

/** One process, as `/proc/PID/status` has it; kilobytes as bytes. */
export interface ProcessStatus {
  id: number;
  parentId: number;
  name: string;
  residentBytes: number;
  peakResidentBytes: number;
}

/** null where the text is of no process with memory of its own: one that has just ended, or a thread of the kernel. */
export function parseStatus(text: string): ProcessStatus | null {
  const field = (name: string) => new RegExp(`^${name}:\\s+(.+)$`, 'm').exec(text)?.[1];
  const bytes = (name: string) => Number.parseInt(field(name) ?? '', 10) * 1024;
  const status = {
    id: Number(field('Pid')),
    parentId: Number(field('PPid')),
    name: field('Name') ?? '',
    residentBytes: bytes('VmRSS'),
    peakResidentBytes: bytes('VmHWM'),
  };
  return Number.isNaN(status.id + status.parentId + status.residentBytes + status.peakResidentBytes) ? null : status;
}

/** Children of a process, their children, and so on. */
export function descendantsOf(rootId: number, processes: readonly ProcessStatus[]): ProcessStatus[] {
  const children = processes.filter(({ parentId }) => parentId === rootId);
  return children.flatMap((child) => [child, ...descendantsOf(child.id, processes)]);
}

/** The workerds that this process, or one that it started, has started. */
export async function ownWorkerds(): Promise<ProcessStatus[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const statuses = await Promise.all(ids.map(statusOf));
  return descendantsOf(
    process.pid,
    statuses.flatMap((status) => status ?? []),
  ).filter(({ name }) => name === 'workerd');
}

export async function statusOf(id: number): Promise<ProcessStatus | null> {
  return parseStatus(await readFile(`/proc/${id}/status`, 'utf8').catch(() => ''));
}

/** From now on the peak is that of what follows. False where the kernel does not let us. */
export async function resetPeak(id: number): Promise<boolean> {
  return await writeFile(`/proc/${id}/clear_refs`, '5').then(
    () => true,
    () => false,
  );
}
