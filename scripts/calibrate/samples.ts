import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { PictureKind } from '../../shared/rpc/inference.ts';
import { seededRandom } from '../../shared/testing/seeded-random.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { type TemporalEvidence, temporalEvidence } from '../../workers/inference/temporal/temporal-evidence.ts';
import { clipFrames } from '../native/clip-frames.ts';
import { repositoryRoot } from '../repository-root.ts';
import { clipEvidence } from './clip-evidence.ts';
import type { MeasuringNetworks } from './fold-networks.ts';
import type { LabelledClip } from './read-manifest.ts';
import { STILL_ATTACKS, type StillAttack } from './still-attacks.ts';
import { sceneOf, stillEvidence } from './still-evidence.ts';
import { asSampled, cutWindows } from './windows.ts';

/** One recording as a check of `frameCount` frames would see it. */
export interface Sample {
  source: string;
  file: string;
  label: string;
  kind: PictureKind;
  frameCount: number;
  fps: number;
  evidence: TemporalEvidence;
}

/** How long recordings are and how fast they are taken: ten a second as documented, up to what webcams give. */
const RECORDINGS: Record<number, readonly number[]> = {
  10: [10, 15, 30],
  30: [10, 15, 30],
  50: [30],
  60: [15, 30],
  90: [30],
  120: [30],
  150: [30],
  250: [30],
};
const WINDOWS_PER_CLIP = 4;
/**
 * Stills are made for two lengths, since each frame has to be drawn; longer models take the longer ones, which favours the
 * attack little: what shakes and bends by hand has been through its range after two seconds.
 */
const STILL_RECORDINGS = [
  { frameCount: 10, fps: 15 },
  { frameCount: 30, fps: 15 },
] as const;
const STILL_AT_SHARE = 0.4;

/** Recordings that a model of so many frames could be shown and that carry the evidence; clips may be too short for long ones. */
export function windowsFor(samples: readonly Sample[], frameCount: number): Sample[] {
  return samples.filter((sample) => sample.frameCount === frameCount && !isStill(sample) && reachesWeights(sample));
}

/** Stills of the longest recording made that is not longer; apart, those that are several pictures in turn. */
export function stillsFor(samples: readonly Sample[], frameCount: number) {
  const own = Math.max(...STILL_RECORDINGS.map((made) => made.frameCount).filter((count) => count <= frameCount));
  const all = samples.filter((sample) => sample.frameCount === own && isStill(sample) && reachesWeights(sample));
  const isSlideShow = ({ label }: Sample) => label.startsWith('still: slide');
  const slideShows = all.filter((sample) => isSlideShow(sample) && sample.kind === 'frame');
  const slideShowsAsCrops = all.filter((sample) => isSlideShow(sample) && sample.kind === 'crop');
  return { stills: all.filter((sample) => !isSlideShow(sample)), slideShows, slideShowsAsCrops };
}

function isStill({ label }: Sample): boolean {
  return label.startsWith('still: ');
}

/** What the rules before the weights let through. */
function reachesWeights({ evidence }: Sample): boolean {
  return evidence.faceShare >= 0.5 && evidence.distinctShare >= 0.5;
}

export async function clipSamples(clip: LabelledClip, networks: MeasuringNetworks): Promise<Sample[]> {
  return await cachedSamples(`windows-${networks.digest}`, clip, async () => {
    const { fps: clipFps, frames } = await clipEvidence(clip.path, networks);
    const samples: Sample[] = [];
    for (const kind of ['frame', 'crop'] as const) {
      for (const [count, rates] of Object.entries(RECORDINGS)) {
        for (const fps of rates) {
          for (const window of cutWindows(frames[kind], clipFps, Number(count), fps, WINDOWS_PER_CLIP)) {
            const evidence = temporalEvidence({ frames: window, fps });
            samples.push({ ...named(clip), kind, frameCount: Number(count), fps, evidence });
          }
        }
      }
    }
    return samples;
  });
}

const SLIDES_APART_SECONDS = 0.4;
const SLIDE_SHOWS = [
  { name: 'slide show', held: 1, kind: 'frame' },
  { name: 'slides held', held: 5, kind: 'frame' },
  { name: 'slide show as crops', held: 1, kind: 'crop' },
  { name: 'slides held as crops', held: 5, kind: 'crop' },
] as const;

/**
 * Frames of a live clip out of order, as if they were photographs: each shown once, or a few shown for a while. Frames held
 * are neighbours in the clip, so that they differ by the noise of the camera as photographs of photographs do.
 */
export async function slideShowSamples(clip: LabelledClip, networks: MeasuringNetworks): Promise<Sample[]> {
  return await cachedSamples(`slides-${networks.digest}`, clip, async () => {
    const { fps: clipFps, frames } = await clipEvidence(clip.path, networks);
    const samples: Sample[] = [];
    for (const { frameCount, fps } of STILL_RECORDINGS) {
      for (const { name, held, kind } of SLIDE_SHOWS) {
        const apart = Math.max(1, Math.round(clipFps * SLIDES_APART_SECONDS));
        const slides = frames[kind].filter((_, i) => i % apart === 0);
        const shuffled = shuffle(slides.keys().toArray(), seededRandom(seedOf(clip.file) + frameCount));
        const show = Array.from({ length: frameCount }, (_, i) => {
          const slide = shuffled[Math.floor(i / held) % shuffled.length] ?? 0;
          return frames[kind][Math.min(frames[kind].length - 1, slide * apart + (i % held))];
        });
        const window = show.flatMap((frame, ordinal) => (frame ? [asSampled(frame, ordinal)] : []));
        const evidence = temporalEvidence({ frames: window, fps });
        samples.push({ ...named(clip), label: `still: ${name}`, kind, frameCount, fps, evidence });
      }
    }
    return samples;
  });
}

function shuffle(values: number[], random: () => number): number[] {
  const keyed = values.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}

/** Attacks made of one frame of a live clip. */
export async function stillSamples(clip: LabelledClip, networks: MeasuringNetworks): Promise<Sample[]> {
  const samples: Sample[] = [];
  let scene: RgbaPicture | null | undefined;
  for (const [i, attack] of (Object.keys(STILL_ATTACKS) as StillAttack[]).entries()) {
    // Frames that are equal pixel by pixel are a rule of their own, not a matter of weights.
    if (attack === 'frozen') continue;
    const made = await cachedSamples(`stills-${attack}`, clip, async () => {
      scene ??= await sceneOfClip(clip, networks);
      return scene ? await samplesOfAttack(clip, scene, attack, seedOf(clip.file) + i, networks) : [];
    });
    samples.push(...made);
  }
  return samples;
}

async function sceneOfClip(clip: LabelledClip, networks: MeasuringNetworks): Promise<RgbaPicture | null> {
  const { frames } = await clipEvidence(clip.path, networks);
  const from = Math.floor(frames.frame.length * STILL_AT_SHARE);
  const at = frames.frame.findIndex(({ face }, index) => index >= from && face !== null);
  const face = frames.frame[at]?.face;
  const picture = await frameNumber(clip.path, at);
  return face && picture ? sceneOf(picture, face.box) : null;
}

async function samplesOfAttack(
  clip: LabelledClip,
  scene: RgbaPicture,
  attack: StillAttack,
  seed: number,
  networks: MeasuringNetworks,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { frameCount, fps } of STILL_RECORDINGS) {
    const evidence = await stillEvidence(scene, attack, { frameCount, fps, seed }, networks.networks);
    if (evidence) samples.push({ ...named(clip), label: `still: ${attack}`, kind: 'frame', frameCount, fps, evidence });
  }
  return samples;
}

function named({ source, file, label }: LabelledClip): Pick<Sample, 'source' | 'file' | 'label'> {
  return { source, file, label };
}

function seedOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7) * 100;
}

async function frameNumber(path: string, wanted: number) {
  let index = 0;
  for await (const picture of clipFrames(path)) if (index++ === wanted) return picture;
  return null;
}

/**
 * Most of an hour on one core, so it is kept: by the clip's content, until the folder is deleted, which is what to do after a
 * change of the cues or of the attacks.
 */
async function cachedSamples(what: string, clip: LabelledClip, make: () => Promise<Sample[]>): Promise<Sample[]> {
  const folder = `${repositoryRoot}/models/.cache/calibration`;
  const content = hash('sha256', await readFile(clip.path), 'hex').slice(0, 16);
  const file = `${folder}/${what.replaceAll(/\W+/g, '-')}-${content}.v8`;
  const known = await readFile(file).catch(() => null);
  if (known) return (deserialize(known) as Sample[]).map((sample) => ({ ...sample, ...sourceOf(clip, sample) }));
  const samples = await make();
  await mkdir(folder, { recursive: true });
  await writeFile(file, serialize(samples));
  return samples;
}

/** The same clip may stand in another folder under another name and label. */
function sourceOf(clip: LabelledClip, { label }: Sample): Pick<Sample, 'source' | 'file' | 'label'> {
  return { source: clip.source, file: clip.file, label: label.startsWith('still: ') ? label : clip.label };
}
