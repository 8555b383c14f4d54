import { expect, test } from 'vitest';
import committed from './manifest.json' with { type: 'json' };
import { parseManifest, WEIGHT_KEYS } from './manifest.ts';

test('the committed manifest is valid and describes every weight once', () => {
  const manifest = parseManifest(committed);
  expect([...manifest.weights, ...manifest.own].map(({ key }) => key).sort()).toEqual([...WEIGHT_KEYS].sort());
});

test('each Worker gets the weights it needs, and no others', () => {
  const { weights, own } = parseManifest(committed);
  const keysFor = (worker: 'inference' | 'faces') =>
    [...weights, ...own].filter(({ workers }) => workers.includes(worker)).map(({ key }) => key);
  expect(keysFor('inference')).toEqual(['face-detector', 'texture-liveness', 'face-landmarks', 'texture-recapture']);
  expect(keysFor('faces')).toEqual(['face-detector', 'face-landmarks', 'face-embedding']);
});

const [first, second] = committed.weights;
const rounding = (mantissaBits: number) => ({ mantissaBits, sha256: '0'.repeat(64) });

test('weights may be rounded, to a digest of their own', () => {
  const [weight] = parseManifest({ ...committed, weights: [{ ...first, rounded: rounding(12) }] }).weights;
  expect(weight?.rounded).toEqual(rounding(12));
});

test('what ours goes on from is what the texture model gives out', () => {
  const { weights } = parseManifest(committed);
  const tensors = weights.find(({ key }) => key === 'texture-liveness')?.exposed?.tensors;
  expect(tensors).toEqual([
    { name: '440', dims: [1, 64, 32, 32] },
    { name: '564', dims: [1, 128, 8, 8] },
  ]);
});

const exposed = { tensors: [{ name: '1', dims: [1] }], sha256: '0'.repeat(64), bytes: 1 };
const [own] = committed.own;

test.each([
  ['a version range', { ...committed, package: { ...committed.package, version: '^0.0.1' } }],
  ['an integrity of another kind', { ...committed, package: { ...committed.package, integrity: 'sha1-abc' } }],
  ['an unknown key', { ...committed, weights: [{ ...first, key: 'mystery' }] }],
  ['a prepared file outside of weights/', { ...committed, weights: [{ ...first, prepared: 'weights/../../a.onnx' }] }],
  ['two weights with one key', { ...committed, weights: [first, { ...second, key: first?.key }] }],
  ['two weights with one prepared file', { ...committed, weights: [first, { ...second, prepared: first?.prepared }] }],
  ['weights rounded to next to nothing', { ...committed, weights: [{ ...first, rounded: rounding(3) }] }],
  ['weights rounded to no digest', { ...committed, weights: [{ ...first, rounded: { mantissaBits: 12 } }] }],
  ['weights that are rounded and exposed', { ...committed, weights: [{ ...first, rounded: rounding(12), exposed }] }],
  [
    'a tensor without a shape',
    { ...committed, weights: [{ ...first, exposed: { ...exposed, tensors: [{ name: '1', dims: [] }] } }] },
  ],
  ['weights of ours outside of trained/', { ...committed, own: [{ ...own, file: 'trained/../a.onnx' }] }],
  ['a key of ours that a package has, too', { ...committed, own: [{ ...own, key: 'face-detector' }] }],
  ['no weights', { ...committed, weights: [] }],
  ['not an object', 'manifest'],
])('refuses %s', (_what, value) => {
  expect(() => parseManifest(value)).toThrow('models/manifest.json is not valid');
});
