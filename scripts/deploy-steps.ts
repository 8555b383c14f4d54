import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { z } from 'zod';

/** Bytes of a built Worker as they travel: each module gzipped, source maps and notes left out. */
export async function gzippedUploadBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if (/\.map$|README\.md$/.test(name) || !(await stat(path)).isFile()) continue;
    for await (const chunk of createReadStream(path).pipe(createGzip())) bytes += (chunk as Uint8Array).byteLength;
  }
  return bytes;
}

export interface BuiltWorker {
  name: string;
  gzippedBytes: number;
}

export function describeSizes(workers: readonly BuiltWorker[], limitBytes: number): string {
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(2);
  const lines = workers.map(({ name, gzippedBytes }) => {
    const share = Math.round((100 * gzippedBytes) / limitBytes);
    const verdict = gzippedBytes > limitBytes ? '  TOO LARGE' : '';
    return `  ${name.padEnd(12)}${megabytes(gzippedBytes).padStart(6)} MB of ${megabytes(limitBytes)} MB gzipped (${share} %)${verdict}`;
  });
  return lines.join('\n');
}

const DatabaseList = z.array(z.looseObject({ uuid: z.string(), name: z.string() }));

/** The id of our database in what `wrangler d1 list --json` prints, or `null` when it is not there yet. */
export function findDatabaseId(listing: string, name: string): string | null {
  return DatabaseList.parse(JSON.parse(listing)).find((database) => database.name === name)?.uuid ?? null;
}

/** The configuration of the gateway with the id of the account's own database in it. */
export function withDatabaseId(toml: string, name: string, id: string): string {
  const line = `database_name = "${name}"`;
  if (!toml.includes(line)) throw new Error(`the configuration has no ${line}`);
  return toml.replace(line, `${line}\ndatabase_id = "${id}"`);
}
