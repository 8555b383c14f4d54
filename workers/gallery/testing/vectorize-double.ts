import type { Vectors } from '../engine/vectorize-index.ts';
import {
  MOST_DELETED,
  MOST_ID_BYTES,
  MOST_NAMESPACE_BYTES,
  MOST_READ,
  MOST_TOP_K,
  MOST_TOP_K_WITH_VALUES,
  MOST_UPSERTED,
} from '../engine/vectorize-limits.ts';

interface Stored {
  namespace: string;
  values: Float32Array;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** An index of Vectorize as far as we use it: its limits, its delay, and scores that are only nearly right. */
export class VectorizeDouble implements Vectors {
  /** Each of them fails as long as it is named here. */
  readonly fails = new Set<keyof Vectors>();
  readonly calls: (keyof Vectors)[] = [];
  readonly #dimensions: number;
  readonly #shown = new Map<string, Stored>();
  #accepted: (() => void)[] = [];

  constructor(dimensions = 512) {
    this.#dimensions = dimensions;
  }

  /** What was accepted is shown from now on: in Vectorize this takes some seconds. */
  settle(): void {
    for (const apply of this.#accepted) apply();
    this.#accepted = [];
  }

  get shown(): string[] {
    return [...this.#shown.keys()];
  }

  /** As if it were lost. */
  lose(): void {
    this.#shown.clear();
    this.#accepted = [];
  }

  async query(vector: Float32Array | number[], options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    const { topK = 5, namespace, returnValues = false, returnMetadata = 'none' } = options;
    this.#begin('query');
    const most = returnValues || returnMetadata !== 'none' ? MOST_TOP_K_WITH_VALUES : MOST_TOP_K;
    refuse(topK < 1 || topK > most, `topK must be between 1 and ${most}, got ${topK}`);
    this.#checkValues(vector);
    const matches = [...this.#shown]
      .filter(([, stored]) => namespace === undefined || stored.namespace === namespace)
      .map(([id, stored]) => ({ id, namespace: stored.namespace, score: roughScore(stored.values, vector) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, topK);
    return { matches, count: matches.length };
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    this.#begin('upsert');
    refuse(vectors.length > MOST_UPSERTED, `max upsert count is ${MOST_UPSERTED}, got ${vectors.length}`);
    const stored = vectors.map(({ id, values, namespace = '' }) => {
      refuse(bytes(id) > MOST_ID_BYTES, `id too long; max is ${MOST_ID_BYTES} bytes`);
      refuse(bytes(namespace) > MOST_NAMESPACE_BYTES, `namespace too long; max is ${MOST_NAMESPACE_BYTES} bytes`);
      this.#checkValues(values);
      return [id, { namespace, values: Float32Array.from(values) }] as const;
    });
    return this.#accept(() => {
      for (const [id, one] of stored) this.#shown.set(id, one);
    });
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    this.#begin('deleteByIds');
    refuse(ids.length > MOST_DELETED, `too many ids in payload; max id count is ${MOST_DELETED}, got ${ids.length}`);
    return this.#accept(() => {
      for (const id of ids) this.#shown.delete(id);
    });
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    this.#begin('getByIds');
    refuse(ids.length > MOST_READ, `too many ids in payload; max id count is ${MOST_READ}, got ${ids.length}`);
    return ids.flatMap((id) => {
      const stored = this.#shown.get(id);
      return stored ? [{ id, namespace: stored.namespace, values: stored.values }] : [];
    });
  }

  #begin(call: keyof Vectors): void {
    this.calls.push(call);
    refuse(this.fails.has(call), 'Vectorize is away');
  }

  #accept(apply: () => void): VectorizeAsyncMutation {
    this.#accepted.push(apply);
    return { mutationId: crypto.randomUUID() };
  }

  #checkValues(values: VectorizeVector['values']): void {
    const problem = values.length !== this.#dimensions || !values.every((value: number) => Number.isFinite(value));
    refuse(problem, `invalid vector, expected ${this.#dimensions} finite dimensions, got ${values.length}`);
  }
}

function refuse(when: boolean, message: string): void {
  if (when) throw new Error(`VECTORIZE_ERROR: ${message}`);
}

/** As over values of few bits. */
function roughScore(stored: Float32Array, probe: Float32Array | number[]): number {
  return stored.reduce((sum, value, i) => sum + (Math.round(value * 256) / 256) * (probe[i] ?? 0), 0);
}
