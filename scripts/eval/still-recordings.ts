import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { animateStill, STILL_ATTACKS, type StillAttack } from '../calibrate/still-attacks.ts';
import { sceneOf } from '../calibrate/still-evidence.ts';
import { clipFrames } from '../native/clip-frames.ts';
import type { Timeline } from './clip-recordings.ts';
import { FaceFinder } from './face-finder.ts';
import { stillLabel } from './label-class.ts';
import { type EncodedFrame, FrameEncoder, type Recording, recordingOf } from './recording.ts';

const STILL_AT_SHARE = 0.4;

/** The first frame with a face from some way into the clip on, and what is round the face; null when there is none. */
export async function stillOf(
  clip: LabelledClip,
  { fps, frameCount }: Timeline,
  networks: Networks,
): Promise<RgbaPicture | null> {
  const from = Math.floor(frameCount * STILL_AT_SHARE);
  let index = 0;
  for await (const picture of clipFrames(clip.path, { fps })) {
    if (index++ < from) continue;
    const face = await new FaceFinder(networks).find(picture);
    if (face) return sceneOf(picture, face);
  }
  return null;
}

/** One still, injected in each of the ways in which that is done. */
export async function* stillRecordings(
  { file, source }: LabelledClip,
  still: RgbaPicture,
  { count, fps, withCrops }: { count: number; fps: number; withCrops: boolean },
  networks: Networks,
): AsyncGenerator<Recording> {
  const seconds = Array.from({ length: count }, (_, i) => i / fps);
  for (const [i, attack] of ATTACKS.entries()) {
    const encoder = new FrameEncoder(networks, { withCrops, largestSide: still.width });
    const encoded: EncodedFrame[] = [];
    for await (const picture of animateStill(still, attack, seconds, seedOf(file) + i)) {
      encoded.push(await encoder.encode(picture));
    }
    yield recordingOf({ file, source, label: stillLabel(attack), fps }, encoded);
  }
}

const ATTACKS = Object.keys(STILL_ATTACKS).filter(isStillAttack);

function isStillAttack(name: string): name is StillAttack {
  return name in STILL_ATTACKS;
}

/** Another for each clip, the same on every run. */
function seedOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7) * 100;
}
