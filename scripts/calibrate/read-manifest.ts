import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One labelled clip. `source` names where it comes from: clips of one source share a room, a camera and a person. */
export interface LabelledClip {
  file: string;
  path: string;
  label: string;
  source: string;
}

/** `manifest.tsv` of a folder: file, label, source and anything after it, with a line of headings. */
export async function readManifest(directory: string): Promise<LabelledClip[]> {
  const text = await readFile(join(directory, 'manifest.tsv'), 'utf8');
  const rows = text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '');
  return rows.map((line) => {
    const [file = '', label = '', source = ''] = line.split('\t');
    return { file, path: join(directory, file), label, source: source || file };
  });
}

export function isClip({ label }: LabelledClip): boolean {
  return label === 'live' || label.startsWith('spoof_');
}
