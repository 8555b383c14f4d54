import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import { nativeNetworks, RECAPTURE_FILE } from '../native/native-networks.ts';

/** What a clip is measured with. Records made with other weights are others: `digest` is part of their name. */
export interface MeasuringNetworks {
  networks: Networks;
  digest: string;
}

/** `folds.json` of a training run: for each source the file of a network that has seen nothing of it. */
const Folds = z.record(z.string(), z.string().regex(/^[\w-]+\.onnx$/));

/**
 * A network must not be judged by what it was trained on. With the folder of a training run every source is measured by the
 * network that was fitted without it, and null is for one that it does not know; without a folder by the committed network.
 */
export async function foldNetworks(
  folder: string | null,
): Promise<(source: string) => Promise<MeasuringNetworks | null>> {
  const folds = folder === null ? {} : Folds.parse(JSON.parse(await readFile(join(folder, 'folds.json'), 'utf8')));
  const opened = new Map<string, Promise<MeasuringNetworks>>();
  return async (source) => {
    const fold = folds[source];
    if (folder !== null && fold === undefined) return null;
    const file = folder === null || fold === undefined ? RECAPTURE_FILE : join(folder, fold);
    const known = opened.get(file) ?? open(file);
    opened.set(file, known);
    return await known;
  };
}

async function open(file: string): Promise<MeasuringNetworks> {
  const digest = hash('sha256', await readFile(file), 'hex').slice(0, 16);
  return { networks: await nativeNetworks(file), digest };
}
