import { list } from 'tar';

/** The named files of an npm tarball, by their path without its first folder. A name that it lacks is absent. */
export async function readTarball(tarball: Uint8Array, names: ReadonlySet<string>): Promise<Map<string, Uint8Array>> {
  const reads: Promise<readonly [string, Uint8Array]>[] = [];
  const nameOf = (path: string) => path.slice(path.indexOf('/') + 1);
  const parser = list({
    // Links are left out: what the digest is checked against has to be the bytes themselves.
    filter: (path, entry) => names.has(nameOf(path)) && 'type' in entry && entry.type === 'File',
    onReadEntry: (entry) => reads.push(entry.concat().then((bytes) => [nameOf(entry.path), bytes] as const)),
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.end(Buffer.from(tarball.buffer, tarball.byteOffset, tarball.byteLength));
  });
  return new Map(await Promise.all(reads));
}
