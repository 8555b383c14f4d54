import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { FaceExport } from './export-faces.ts';

const TOLD_EVERY = 50;

/** The folder that holds the faces of these rows, made if it is not there: by their names, labels, sizes and times. */
export async function exportedFaces(
  rows: readonly LabelledClip[],
  cache: string,
  networks: Pick<Networks, 'detectFaces'>,
  log: (line: string) => void,
): Promise<string> {
  const known = await Promise.all(rows.map(async (row) => ({ ...row, ...(await sizeAndTime(row.path)) })));
  const folder = `${cache}/faces-${hash('sha256', JSON.stringify(known), 'hex').slice(0, 12)}`;
  if (existsSync(`${folder}/faces.rgb`)) return folder;
  const faces = await FaceExport.into(folder, networks);
  for (const [i, row] of rows.entries()) {
    await faces.add(row);
    if (i % TOLD_EVERY === 0) log(`faces: ${i} of ${rows.length} files, ${faces.faces.length} faces`);
  }
  await faces.finish();
  log(`faces: ${faces.faces.length}, and ${faces.portraits.length} portraits to make attacks of`);
  return folder;
}

async function sizeAndTime(path: string): Promise<{ size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { size, mtimeMs };
}
