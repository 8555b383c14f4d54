import sharp from 'sharp';
import { seededRandom } from '../../shared/testing/seeded-random.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

// One picture, sent as if it were a recording, in the ways in which that is done. What a film must beat.

/** How a picture is changed from frame to frame. Amounts are shares of the width; angles radians. */
interface Recipe {
  shift?: number;
  zoom?: number;
  turn?: number;
  /** Perspective: how far the plane tilts. */
  tilt?: number;
  /** A sheet that bends about an upright axis, and folds. */
  bend?: number;
  /** Light on the whole picture, and a ramp of light that wanders over it. */
  flicker?: number;
  ramp?: number;
  gamma?: number;
  /** Standard deviation of the noise of each pixel, in grey values. */
  noise?: number;
  /** JPEG quality, from and to; drawn for each frame. */
  jpeg?: readonly [number, number];
}

export const STILL_ATTACKS = {
  frozen: {},
  reencoded: { jpeg: [35, 95] },
  noisy: { noise: 5 },
  'very noisy': { noise: 14, shift: 0.01 },
  crushed: { jpeg: [6, 25], shift: 0.02 },
  drifting: { shift: 0.04, jpeg: [80, 95] },
  zoomed: { zoom: 0.1, shift: 0.01 },
  handheld: { shift: 0.03, turn: 0.04, zoom: 0.04, tilt: 0.08, noise: 2, jpeg: [70, 90] },
  tilted: { tilt: 0.14, shift: 0.02, noise: 2 },
  flickering: { flicker: 0.25, noise: 2 },
  'flickering, handheld': { flicker: 0.2, gamma: 0.3, shift: 0.02, tilt: 0.08, noise: 2, jpeg: [70, 90] },
  'swept by light': { ramp: 0.35, flicker: 0.08, shift: 0.01, noise: 2 },
  bent: { bend: 0.15, shift: 0.02, noise: 2 },
  'bent, handheld': { bend: 0.2, shift: 0.03, turn: 0.04, tilt: 0.1, zoom: 0.03, noise: 3, jpeg: [60, 90] },
} as const satisfies Record<string, Recipe>;

/** Of the still, so much is seen: what moves must not uncover an edge, which a careful attacker would not show either. */
const SHOWN_SHARE = 0.8;

export type StillAttack = keyof typeof STILL_ATTACKS;

/** The still as it looks at each of `seconds`. Equal seeds give equal pictures. */
export async function* animateStill(
  still: RgbaPicture,
  attack: StillAttack,
  seconds: readonly number[],
  seed: number,
): AsyncGenerator<RgbaPicture> {
  const recipe: Recipe = STILL_ATTACKS[attack];
  const random = seededRandom(seed);
  const quick = () => smoothWave(random, 1.5);
  // Paper bends slowly: it has weight, and hands hold it.
  const slow = () => smoothWave(random, 0.6);
  const waves = { x: quick(), y: quick(), zoom: quick(), turn: quick(), tiltX: quick(), tiltY: quick() };
  const sheet = { bend: slow(), fold: slow(), foldAt: random() * 0.6 - 0.3 };
  const light = { flicker: quick(), rampX: quick(), rampY: quick(), gamma: quick() };
  for (const t of seconds) {
    const angle = (recipe.turn ?? 0) * waves.turn(t);
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const [shiftX, shiftY] = [2 * (recipe.shift ?? 0) * waves.x(t), 2 * (recipe.shift ?? 0) * waves.y(t)];
    const [tiltX, tiltY] = [(recipe.tilt ?? 0) * waves.tiltX(t), (recipe.tilt ?? 0) * waves.tiltY(t)];
    const zoomed = SHOWN_SHARE * (1 + (recipe.zoom ?? 0) * waves.zoom(t));
    const bend = (recipe.bend ?? 0) * sheet.bend(t);
    const fold = (recipe.bend ?? 0) * 0.5 * sheet.fold(t);
    const moved = render(still, (x, y) => {
      const bent = x + bend * (x * x - 0.3) * 0.5 + fold * Math.max(0, x - sheet.foldAt) ** 2;
      const high = y * (1 + bend * 0.3 * x * x);
      const scale = zoomed / (1 + tiltX * bent + tiltY * high);
      return [scale * (cosine * bent - sine * high) + shiftX, scale * (sine * bent + cosine * high) + shiftY];
    });
    const gain = 1 + (recipe.flicker ?? 0) * (light.flicker(t) + 0.5 * (random() - 0.5));
    const ramp = recipe.ramp ?? 0;
    const gamma = Math.exp((recipe.gamma ?? 0) * light.gamma(t));
    const [rampX, rampY] = [ramp * light.rampX(t), ramp * light.rampY(t)];
    const grain = recipe.noise ? noiseFrom(random, recipe.noise) : null;
    const lit = relight(moved, (x, y) => gain * (1 + rampX * x + rampY * y), gamma, grain);
    yield recipe.jpeg ? await throughJpeg(lit, between(recipe.jpeg, random())) : lit;
  }
}

/** From -1 to 1, never twice the same way: three waves of 0.1 Hz up to the quickest. */
function smoothWave(random: () => number, quickestHertz: number): (seconds: number) => number {
  const parts = [0.5, 0.3, 0.2].map((height) => ({
    height,
    hertz: 0.1 + (quickestHertz - 0.1) * random() ** 2,
    phase: random() * 2 * Math.PI,
  }));
  return (seconds) =>
    parts.reduce((sum, { height, hertz, phase }) => sum + height * Math.sin(2 * Math.PI * hertz * seconds + phase), 0);
}

/** Reads each pixel where `from` says; -1 to 1 over the width, the same unit up and down. */
function render(picture: RgbaPicture, from: (x: number, y: number) => [number, number]): RgbaPicture {
  const { width, height, data } = picture;
  const result = new Uint8Array(data.length);
  const half = width / 2;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = from((column + 0.5) / half - 1, (row + 0.5 - height / 2) / half);
      const atX = Math.min(Math.max((x + 1) * half - 0.5, 0), width - 1.001);
      const atY = Math.min(Math.max(y * half + height / 2 - 0.5, 0), height - 1.001);
      const left = Math.floor(atX);
      const top = Math.floor(atY);
      const corner = (top * width + left) * 4;
      const target = (row * width + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const at = corner + channel;
        const upper = (data[at] ?? 0) * (1 - atX + left) + (data[at + 4] ?? 0) * (atX - left);
        const below = at + width * 4;
        const lower = (data[below] ?? 0) * (1 - atX + left) + (data[below + 4] ?? 0) * (atX - left);
        result[target + channel] = Math.round(upper * (1 - atY + top) + lower * (atY - top));
      }
      result[target + 3] = 255;
    }
  }
  return { width, height, data: result };
}

function relight(
  picture: RgbaPicture,
  gainAt: (x: number, y: number) => number,
  gamma: number,
  grain: ((at: number) => number) | null,
): RgbaPicture {
  const { width, height } = picture;
  const data = new Uint8ClampedArray(picture.data);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const gain = gainAt((2 * (pixel % width)) / width - 1, (2 * Math.floor(pixel / width)) / height - 1);
    for (let at = pixel * 4; at < pixel * 4 + 3; at++) {
      const value = data[at] ?? 0;
      const curved = gamma === 1 ? value : 255 * (value / 255) ** gamma;
      data[at] = curved * gain + (grain ? grain(at) : 0);
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

async function throughJpeg({ width, height, data }: RgbaPicture, quality: number): Promise<RgbaPicture> {
  const raw = { raw: { width, height, channels: 4 as const } };
  const jpeg = await sharp(data, raw)
    .removeAlpha()
    .jpeg({ quality: Math.round(quality) })
    .toBuffer();
  const decoded = await sharp(jpeg).ensureAlpha().raw().toBuffer();
  return { width, height, data: new Uint8Array(decoded) };
}

function between([low, high]: readonly [number, number], share: number): number {
  return low + (high - low) * share;
}

const GRAIN_TABLE = 65_521;

/** Normal noise from a table that each frame enters elsewhere and walks with another stride. */
function noiseFrom(random: () => number, deviation: number): (at: number) => number {
  const offset = Math.floor(random() * GRAIN_TABLE);
  const stride = 1 + Math.floor(random() * (GRAIN_TABLE - 1));
  return (at) => deviation * (GRAIN[(offset + at * stride) % GRAIN_TABLE] ?? 0);
}

const GRAIN = Float32Array.from({ length: GRAIN_TABLE }, gaussianFrom(seededRandom(1)));

function gaussianFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(random() || 1e-12)) * Math.cos(2 * Math.PI * random());
}
