export interface Distribution {
  p50: number;
  p95: number;
  p99: number;
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function formatMs(ms: number): string {
  return `${ms.toFixed(2)} ms`.padStart(9);
}
