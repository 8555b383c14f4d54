import { expect, test } from 'vitest';
import { seededRandom } from '../../shared/testing/seeded-random.ts';
import { liveEvidence, motionOf } from '../../workers/inference/fusion/testing/plain-fusion.ts';
import { fitModel, scoreWithoutOwnSource, type TrainingSet } from './fit-model.ts';
import type { Sample } from './samples.ts';

const random = seededRandom(7);
const about = (middle: number) => middle + random() - 0.5;

function sample(label: string, source: string, different: Partial<Sample['evidence']>): Sample {
  const evidence = liveEvidence({ motion: motionOf(about(1)), ...different });
  return { file: `${source}.mp4`, source, label, kind: 'frame', frameCount: evidence.frameCount, fps: 10, evidence };
}

const several = (make: (i: number) => Sample) => Array.from({ length: 12 }, (_, i) => make(i));
const margins = (textureMargin: number, recaptureMargin: number) => ({
  textureMargin: about(textureMargin),
  recaptureMargin: about(recaptureMargin),
});
const picture = (label: string, source: string, textureMargin: number, recaptureMargin: number): Sample => ({
  ...sample(label, source, margins(textureMargin, recaptureMargin)),
  file: `${source}.jpg`,
  frameCount: 1,
});

/** In the clips both networks know; of the pictures only ours does. */
const DATA: TrainingSet = {
  live: several((i) => sample('live', `live-${i % 3}`, margins(4, 4))),
  recaptures: several((i) => sample('spoof_replay_phone', `fake-${i % 3}`, margins(-4, -4))),
  pictures: {
    live: several((i) => picture('live', `picture-${i % 4}`, 1, 3)),
    recaptures: several((i) => picture('spoof_print_photo', `picture-${i % 4}`, 1, -3)),
  },
  stills: several((i) => sample('still: tilted', `live-${i % 3}`, { motion: motionOf(0.02) })),
  slideShows: several((i) => sample('still: slide show', `live-${i % 3}`, margins(4, 4))),
};
const WITHOUT_PICTURES: TrainingSet = { ...DATA, pictures: { live: [], recaptures: [] } };

test.each([['mixed-10', 'mixed-legacy'] as const, ['10', 'fast'] as const])(
  '%s weighs the older texture network alone, whatever pictures there are',
  (model, family) => {
    const fitted = fitModel(model, family, DATA);
    expect(Object.keys(fitted.texture.weights)).toEqual(['margin']);
    expect(fitted.texture).toEqual(fitModel(model, family, WITHOUT_PICTURES).texture);
  },
);

test.each([
  ['mixed-10-v2', 'mixed-v2'] as const,
  ['hybrid-v2-50', 'hybrid-v2'] as const,
  ['mixed-30-v3_1_1', 'temporal-physio'] as const,
])('%s weighs both, and learns from single pictures whom to trust', (model, family) => {
  const { weights } = fitModel(model, family, DATA).texture;
  const without = fitModel(model, family, WITHOUT_PICTURES).texture.weights;
  expect(Object.keys(weights)).toEqual(['margin', 'recapture']);
  const trust = ({ margin = 0, recapture = 0 }: typeof weights) => recapture / (margin + recapture);
  expect(trust(weights)).toBeGreaterThan(trust(without) + 0.1);
});

test('pictures are texture alone: motion and continuity are fitted as without them', () => {
  const [fitted, without] = [DATA, WITHOUT_PICTURES].map((data) => fitModel('mixed-10-v2', 'mixed-v2', data));
  expect(fitted?.motion).toEqual(without?.motion);
  expect(fitted?.continuity).toEqual(without?.continuity);
});

test('nothing is judged by what it was fitted on, pictures of its source neither', () => {
  const judged = DATA.pictures.recaptures.filter(({ source }) => source === 'picture-1');
  const textures = (data: TrainingSet) =>
    scoreWithoutOwnSource(judged, data, 'mixed-10-v2', 'mixed-v2').map(({ texture }) => texture);
  const isOther = ({ source }: Sample) => source !== 'picture-1';
  const others = {
    live: DATA.pictures.live.filter(isOther),
    recaptures: DATA.pictures.recaptures.filter(isOther),
  };
  expect(textures(DATA)).toEqual(textures({ ...DATA, pictures: others }));
  const of2 = { live: DATA.pictures.live, recaptures: DATA.pictures.recaptures.slice(0, 2) };
  expect(textures(DATA)).not.toEqual(textures({ ...DATA, pictures: of2 }));
});
