import { createHash } from 'node:crypto';
import type { PictureSample } from './picture-samples.ts';

export interface SplitSamples {
  toFit: PictureSample[];
  heldOut: PictureSample[];
}

/**
 * Half of the sources to fit on, the others to report on: pictures of one source share a room, a camera and a person. Sources
 * that have recaptures are dealt out apart from the others, so that both halves have some; in the order of a hash of their
 * names, so that nobody chooses.
 */
export function splitSources(samples: readonly PictureSample[]): SplitSamples {
  const withRecaptures = new Set(samples.filter(isRecapture).map(({ source }) => source));
  const sources = [...new Set(samples.map(({ source }) => source))].sort(byHash);
  const [some, none] = [true, false].map((wanted) => sources.filter((source) => withRecaptures.has(source) === wanted));
  const fitted = new Set([some, none].flatMap((list = []) => list.filter((_, i) => i % 2 === 0)));
  return {
    toFit: samples.filter(({ source }) => fitted.has(source)),
    heldOut: samples.filter(({ source }) => !fitted.has(source)),
  };
}

export function isLive({ label }: PictureSample): boolean {
  return label === 'live';
}

/** A screen or a print before a camera: what texture can tell. Not the doctored files, nor what its own labels doubt. */
export function isRecapture({ label }: PictureSample): boolean {
  return /^spoof_(print|replay)/.test(label);
}

function byHash(one: string, other: string): number {
  return hashOf(one) < hashOf(other) ? -1 : 1;
}

function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}
