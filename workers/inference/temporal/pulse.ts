import { mean, standardDeviation } from './statistics.ts';

/** Below this nothing that could be told from chance fits in: five beats of a slow heart. */
export const LEAST_SECONDS = 5;
const SLOWEST_HERTZ = 0.7;
const FASTEST_HERTZ = 3;
const HERTZ_STEP = 0.05;
const POS_WINDOW_SECONDS = 1.6;
/** A peak and its first overtone are taken this wide. */
const PEAK_HALF_WIDTH_HERTZ = 0.15;

export interface Pulse {
  beatsPerMinute: number;
  /** Power at the pulse and its overtone against all other power in the band, in decibels. */
  signalToNoiseDb: number;
}

/**
 * The pulse in the colour of the skin, by POS (Wang, den Brinker, Stuijk, de Haan: Algorithmic principles of remote PPG,
 * 2017). null where the recording is too short or its rate too low to carry one.
 */
export function findPulse(skin: readonly Float32Array[], fps: number | null): Pulse | null {
  if (fps === null || fps < 2 * FASTEST_HERTZ || skin.length / fps < LEAST_SECONDS) return null;
  const signal = projectOrthogonalToSkin(skin, fps);
  const spectrum: { hertz: number; power: number }[] = [];
  for (let hertz = SLOWEST_HERTZ; hertz <= FASTEST_HERTZ; hertz += HERTZ_STEP) {
    spectrum.push({ hertz, power: powerAt(signal, hertz / fps) });
  }
  const peak = spectrum.reduce((best, bin) => (bin.power > best.power ? bin : best), { hertz: 0, power: 0 });
  if (peak.power === 0) return null;
  const isSignal = (hertz: number) =>
    Math.abs(hertz - peak.hertz) <= PEAK_HALF_WIDTH_HERTZ || Math.abs(hertz - 2 * peak.hertz) <= PEAK_HALF_WIDTH_HERTZ;
  const total = (wanted: boolean) =>
    spectrum.reduce((sum, { hertz, power }) => sum + (isSignal(hertz) === wanted ? power : 0), 0);
  const signalToNoiseDb = 10 * Math.log10(total(true) / Math.max(total(false), 1e-12));
  return { beatsPerMinute: peak.hertz * 60, signalToNoiseDb };
}

function projectOrthogonalToSkin(skin: readonly Float32Array[], fps: number): Float64Array {
  const colours = skin.map((regions) => [0, 1, 2].map((channel) => meanOfRegions(regions, channel)));
  const length = Math.round(POS_WINDOW_SECONDS * fps);
  const signal = new Float64Array(colours.length);
  for (let start = 0; start + length <= colours.length; start++) {
    const part = colours.slice(start, start + length);
    const means = [0, 1, 2].map((channel) => mean(part.map((colour) => colour[channel] ?? 0)) || 1);
    const normal = part.map((colour) => colour.map((value, channel) => value / (means[channel] ?? 1)));
    const first = normal.map(([, green = 0, blue = 0]) => green - blue);
    const second = normal.map(([red = 0, green = 0, blue = 0]) => green + blue - 2 * red);
    const alpha = standardDeviation(first) / (standardDeviation(second) || 1);
    const projected = first.map((value, i) => value + alpha * (second[i] ?? 0));
    const middle = mean(projected);
    for (const [i, value] of projected.entries()) signal[start + i] = (signal[start + i] ?? 0) + value - middle;
  }
  return signal;
}

function meanOfRegions(regions: Float32Array, channel: number): number {
  let sum = 0;
  for (let i = channel; i < regions.length; i += 3) sum += regions[i] ?? 0;
  return (sum * 3) / Math.max(3, regions.length);
}

/** With a Hann window, at any frequency: the recording is short, and the bins of a transform would be coarse. */
function powerAt(signal: Float64Array, cyclesPerFrame: number): number {
  let real = 0;
  let imaginary = 0;
  for (const [i, value] of signal.entries()) {
    const windowed = value * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / Math.max(1, signal.length - 1)));
    real += windowed * Math.cos(2 * Math.PI * cyclesPerFrame * i);
    imaginary += windowed * Math.sin(2 * Math.PI * cyclesPerFrame * i);
  }
  return real * real + imaginary * imaginary;
}
