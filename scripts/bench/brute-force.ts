import { cosine } from '../../shared/lib/embedding.ts';
import { type Vectors, vectorAt } from './synthetic-faces.ts';

/** For each probe the places of those most like it, compared with every one in float64. */
export function bruteForce(gallery: Vectors, probes: Vectors, count: number): number[][] {
  return Array.from({ length: probes.count }, (_, probe) => best(gallery, vectorAt(probes, probe), count));
}

function best(gallery: Vectors, probe: Float32Array, count: number): number[] {
  const kept: { place: number; score: number }[] = [];
  for (let place = 0; place < gallery.count; place++) {
    const score = cosine(vectorAt(gallery, place), probe);
    if (kept.length === count && score <= (kept.at(-1)?.score ?? 0)) continue;
    const at = kept.findIndex((other) => other.score < score);
    kept.splice(at < 0 ? kept.length : at, 0, { place, score });
    if (kept.length > count) kept.pop();
  }
  return kept.map(({ place }) => place);
}

/** How many of the true best few, in whatever order, are among those found. */
export function recall(truth: readonly number[][], found: readonly number[][], count: number): number {
  let hits = 0;
  let all = 0;
  for (const [probe, best] of truth.entries()) {
    const among = new Set(found[probe]?.slice(0, count));
    const wanted = best.slice(0, count);
    hits += wanted.filter((place) => among.has(place)).length;
    all += wanted.length;
  }
  return hits / all;
}
