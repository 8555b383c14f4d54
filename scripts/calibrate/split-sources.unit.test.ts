import { expect, test } from 'vitest';
import type { PictureSample } from './picture-samples.ts';
import { splitSources } from './split-sources.ts';

const sample = (source: string, label: string): PictureSample => ({
  file: `${source}/${label}`,
  label,
  source,
  isFrame: false,
  face: null,
});
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}/${i}`);
const attacked = names('attacked', 7).flatMap((source) => [sample(source, 'live'), sample(source, 'spoof_print')]);
const liveOnly = names('live', 8).map((source) => sample(source, 'live'));
const doctored = names('doctored', 2).map((source) => sample(source, 'spoof_deepfake'));
const ALL = [...attacked, ...liveOnly, ...doctored];
const sourcesOf = (samples: readonly PictureSample[]) => new Set(samples.map(({ source }) => source));

test('no source stands on both sides, and none is lost', () => {
  const { toFit, heldOut } = splitSources(ALL);
  expect(sourcesOf(toFit).intersection(sourcesOf(heldOut)).size).toBe(0);
  expect(toFit.length + heldOut.length).toBe(ALL.length);
});

test('both halves have about as many sources with recaptures, and without', () => {
  const { toFit, heldOut } = splitSources(ALL);
  const count = (samples: readonly PictureSample[], wanted: RegExp) =>
    [...sourcesOf(samples)].filter((source) => wanted.test(source)).length;
  expect([count(toFit, /^attacked/), count(heldOut, /^attacked/)]).toEqual([4, 3]);
  expect([count(toFit, /^(live|doctored)/), count(heldOut, /^(live|doctored)/)]).toEqual([5, 5]);
});

test('the order of the pictures does not matter, their sources do', () => {
  expect(sourcesOf(splitSources(ALL.toReversed()).toFit)).toEqual(sourcesOf(splitSources(ALL).toFit));
  const renamed = ALL.map((one) => ({ ...one, source: `other/${one.source}` }));
  const before = [...sourcesOf(splitSources(ALL).toFit)].map((source) => `other/${source}`);
  expect(sourcesOf(splitSources(renamed).toFit)).not.toEqual(new Set(before));
});
