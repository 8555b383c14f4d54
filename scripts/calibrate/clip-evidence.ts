import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { FrameEvidence, PictureKind } from '../../shared/rpc/inference.ts';
import { analyseFrame } from '../../workers/inference/frame/analyse-frame.ts';
import { clientCrop } from '../native/client-crop.ts';
import { clipFps, clipFrames } from '../native/clip-frames.ts';
import { repositoryRoot } from '../repository-root.ts';
import type { MeasuringNetworks } from './fold-networks.ts';

const LARGEST_FPS = 30;
const SECONDS = 12;
const CACHE = `${repositoryRoot}/models/.cache/calibration`;

export interface ClipEvidence {
  fps: number;
  frames: Record<PictureKind, FrameEvidence[]>;
}

/**
 * Every frame of the first seconds of a clip, as a whole frame and as the crop a client would make of it, both seen by both
 * views of the texture model. Kept in a cache that the code of the analysis and our network are part of the name of.
 */
export async function clipEvidence(path: string, { networks, digest }: MeasuringNetworks): Promise<ClipEvidence> {
  const cached = `${CACHE}/${await cacheKey(path, digest)}.v8`;
  const known = await readFile(cached).catch(() => null);
  if (known) return deserialize(known) as ClipEvidence;
  const sourceFps = clipFps(path);
  const fps = Math.min(LARGEST_FPS, sourceFps);
  const frames: ClipEvidence['frames'] = { frame: [], crop: [] };
  const previousFace: Record<PictureKind, FrameEvidence | undefined> = { frame: undefined, crop: undefined };
  // Every view of every frame, whichever window it comes to stand in.
  const sampling = { detect: true, square: true, whole: true };
  for await (const picture of clipFrames(path, { seconds: SECONDS, ...(sourceFps > LARGEST_FPS && { fps }) })) {
    const before = previousFace.frame?.face ?? null;
    const evidence = await analyseFrame({ picture, kind: 'frame', sampling, previousFace: before }, networks);
    previousFace.frame = evidence;
    frames.frame.push(evidence);
    if (evidence.face === null) continue;
    const crop = clientCrop(picture, evidence.face.box);
    const last = previousFace.crop?.face ?? null;
    previousFace.crop = await analyseFrame({ picture: crop, kind: 'crop', sampling, previousFace: last }, networks);
    frames.crop.push(previousFace.crop);
  }
  await mkdir(CACHE, { recursive: true });
  await writeFile(cached, serialize({ fps, frames }));
  return { fps, frames };
}

async function cacheKey(path: string, digest: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(path))
    .update(digest);
  const code = `${repositoryRoot}/workers/inference/frame`;
  for (const name of (await readdir(code)).sort()) {
    if (/^[^.]+\.ts$/.test(name) && name !== 'sampling.ts') hash.update(await readFile(`${code}/${name}`));
  }
  return hash.digest('hex').slice(0, 32);
}
