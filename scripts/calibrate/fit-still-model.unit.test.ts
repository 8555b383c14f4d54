import { expect, test } from 'vitest';
import { judgeStill } from '../../workers/inference/still/judge-still.ts';
import { faceEvidence } from '../../workers/inference/testing/evidence.ts';
import { fitStillModel } from './fit-still-model.ts';
import type { PictureSample } from './picture-samples.ts';

const picture = (source: string, label: string, margin: number, sizePixels = 75): PictureSample => {
  const face = faceEvidence({ textureMargins: { square: margin + 1, whole: margin - 1 } });
  const quality = { ...face.quality, faceSizePixels: sizePixels };
  return { file: '', label, source, isFrame: false, face: { ...face, quality } };
};
const LIVE = [2, 4, 5, 6, 8].map((margin, i) => picture(`live ${i % 3}`, 'live', margin));
const FAKE = [-6, -3, -1, 0, 3].map((margin, i) => picture(`fake ${i % 2}`, 'spoof_print', margin));

test('what it fits tells the two apart, and says what it was fitted on', () => {
  const model = fitStillModel([...LIVE, ...FAKE]);
  const scores = [-4, 6].map((margin) => {
    const face = faceEvidence({ textureMargins: { square: margin, whole: margin } });
    return judgeStill(face, model).realScore;
  });
  expect(scores[0]).toBeLessThan(0.2);
  expect(scores[1]).toBeGreaterThan(0.8);
  expect(model.fitted).toMatchObject({ livePictures: 5, attackPictures: 5, on: expect.stringMatching(/3 live and 2/) });
});

test('what the rules refuse, doctored files and pictures without a face are not fitted on', () => {
  const refused = picture('small', 'live', -8, 20);
  const doctored = picture('deepfake', 'spoof_deepfake', 8);
  const faceless = { ...picture('none', 'live', 0), face: null };
  expect(fitStillModel([...LIVE, ...FAKE, refused, doctored, faceless])).toEqual(fitStillModel([...LIVE, ...FAKE]));
});

test('a source counts the same, however many pictures it gave', () => {
  const wordy = LIVE.filter(({ source }) => source === 'live 0');
  expect(fitStillModel([...LIVE, ...wordy, ...wordy, ...FAKE]).weights.margin).toBeCloseTo(
    fitStillModel([...LIVE, ...FAKE]).weights.margin,
    1,
  );
});
