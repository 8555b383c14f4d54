import { expect, test } from 'vitest';
import { type CheckedContent, contentHash } from './content-hash.ts';

const content: CheckedContent = {
  model: '10',
  source: 'media',
  fps: null,
  frames: [
    { index: 0, timestampMs: 0, digest: 'aa' },
    { index: 1, timestampMs: null, digest: 'bb' },
  ],
};

test('the same content has the same hash', async () => {
  expect(await contentHash(structuredClone(content))).toBe(await contentHash(content));
});

test('other content has another', async () => {
  const [first, second] = content.frames;
  if (first === undefined || second === undefined) throw new Error('two frames are needed');
  const others: CheckedContent[] = [
    content,
    { ...content, model: '50' },
    { ...content, source: 'live' },
    { ...content, fps: 30 },
    { ...content, frames: [first] },
    { ...content, frames: [second, first] },
    { ...content, frames: [{ ...first, index: 7 }, second] },
    { ...content, frames: [{ ...first, timestampMs: 1 }, second] },
    { ...content, frames: [{ ...first, digest: 'ab' }, second] },
  ];
  expect(new Set(await Promise.all(others.map(contentHash))).size).toBe(others.length);
});
