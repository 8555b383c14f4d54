import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { repositoryRoot } from '../repository-root.ts';
import { inputsSha256, pinnedSources, sha256 } from './build-inputs.ts';

export const DECODER_FOLDER = `${repositoryRoot}/workers/video/decoder`;
export const WASM_PATH = `${DECODER_FOLDER}/video-decoder.wasm`;
export const MANIFEST_PATH = `${DECODER_FOLDER}/video-decoder.manifest.json`;

const decoderManifest = z.object({
  wasm: z.object({ bytes: z.int(), sha256: z.string() }),
  /** Over the C source, the scripts with their options, and the pinned sources. */
  inputsSha256: z.string(),
  sources: z.record(z.string(), z.object({ version: z.string(), files: z.record(z.string(), z.string()) })),
  /** Debian packages that decide over the bytes. */
  tools: z.record(z.string(), z.string()),
});
export type DecoderManifest = z.infer<typeof decoderManifest>;

export async function readManifest(): Promise<DecoderManifest> {
  return decoderManifest.parse(JSON.parse(await readFile(MANIFEST_PATH, 'utf8')));
}

export async function describeBuild(wasm: Uint8Array, tools: Record<string, string>): Promise<DecoderManifest> {
  return {
    wasm: { bytes: wasm.length, sha256: sha256(wasm) },
    inputsSha256: await inputsSha256(),
    sources: await pinnedSources(),
    tools,
  };
}
