import { cosine } from '#shared/lib/embedding.ts';
import { Best } from '../index/best.ts';
import type { Change, FaceIndex, FaceQuestion, Found, Look, Templates } from './face-index.ts';
import type { PendingVector, PendingVectors } from './pending-vectors.ts';
import type { VectorNames } from './vector-names.ts';
import { MOST_DELETED, MOST_READ, MOST_TOP_K, MOST_UPSERTED } from './vectorize-limits.ts';

export type Vectors = Pick<Vectorize, 'query' | 'upsert' | 'deleteByIds' | 'getByIds'>;

interface Options {
  vectors: Vectors;
  names: VectorNames;
  pending: PendingVectors;
  templates: Templates;
  capacityPersons: number;
  nowMs: () => number;
  /** Rings once, then; an earlier bell that was set is forgotten. */
  ringAt: (atMs: number) => void;
  log: (message: string, error: unknown) => void;
}

/** FAST takes no fewer than this: those whom Vectorize puts a little too low are among them. */
const LEAST_TOP_K = 20;
/** Vectorize shows a change after some seconds. */
const LOOK_AFTER_MS = 10_000;
const SEND_AGAIN_AFTER_MS = 120_000;
/** With each bell; a call reads 20. */
const LOOKED_AT_TOGETHER = 400;
/** What comes back was stored as float32, if not as less. */
const SAME_NUMBER = 1e-3;

/**
 * Cloudflare Vectorize. It says who may be meant; how like they are is always compared with the sealed truth. What it does not show
 * yet is compared as well, so that a change counts from its commit on. Its answer is an approximation, also for ACCURATE. Whoever
 * runs it must know that Vectorize itself holds the templates unsealed.
 */
export class VectorizeIndex implements FaceIndex {
  readonly name = 'vectorize';
  readonly capacityPersons: number;
  readonly #options: Options;
  #last: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.capacityPersons = options.capacityPersons;
  }

  adopt(): void {
    this.#options.pending.restart();
    this.#ringSoon();
  }

  async look({ probe, mode, count, leastCosine }: FaceQuestion): Promise<Look> {
    const { vectors, names, pending, templates } = this.#options;
    const topK = mode === 'FAST' ? Math.min(MOST_TOP_K, Math.max(LEAST_TOP_K, count)) : MOST_TOP_K;
    const options = { topK, namespace: names.namespace, returnValues: false, returnMetadata: 'none' } as const;
    const { matches } = await vectors.query(probe, options);
    return () => {
      const best = new Best(count);
      const numbers = new Set([...matches.flatMap(({ id }) => names.noOf(id) ?? []), ...pending.numbers()]);
      for (const no of numbers) {
        const template = templates.of(no);
        const score = template ? cosine(template, probe) : Number.NEGATIVE_INFINITY;
        if (score >= leastCosine) best.offer({ key: no, score });
      }
      return best.kept.map(({ key, score }): Found => ({ no: key, cosine: score }));
    };
  }

  note({ no }: Change): void {
    this.#options.pending.add(no);
    this.#ringSoon();
  }

  /** Should it fail, the bell that was set sends it once more. */
  async apply({ no }: Change): Promise<void> {
    try {
      await this.#inTurn(() => this.#send(this.#options.pending.unsentOf(no)));
    } catch (error) {
      this.#options.log('Vectorize did not take a change; it will be sent again', error);
    }
  }

  async clear(): Promise<void> {
    await this.#inTurn(async () => {
      const { vectors, names, pending } = this.#options;
      for (const numbers of inBatches(pending.everybody(), MOST_DELETED)) {
        await vectors.deleteByIds(numbers.map((no) => names.idOf(no)));
      }
    });
  }

  forget(): void {}

  async tend(): Promise<void> {
    try {
      await this.#inTurn(async () => {
        await this.#send(this.#options.pending.unsent(MOST_UPSERTED));
        await this.#settle();
      });
    } catch (error) {
      this.#options.log('Vectorize could not be tended; it will be tried again', error);
    }
    if (!this.#options.pending.isEmpty) this.#ringSoon();
  }

  async #send(unsent: readonly PendingVector[]): Promise<void> {
    const { vectors, names, pending, templates, nowMs } = this.#options;
    const changes = unsent.map((change) => ({ ...change, template: templates.of(change.no) }));
    const upserted = changes.flatMap(({ no, template }) =>
      template ? [{ id: names.idOf(no), values: template, namespace: names.namespace }] : [],
    );
    if (upserted.length > 0) {
      await vectors.upsert(upserted);
      pending.markSent(
        changes.filter(({ template }) => template),
        nowMs(),
      );
    }
    const removed = changes.filter(({ template }) => !template);
    for (const batch of inBatches(removed, MOST_DELETED)) {
      await vectors.deleteByIds(batch.map(({ no }) => names.idOf(no)));
      pending.markSent(batch, nowMs());
    }
  }

  /** Whoever Vectorize shows as they are needs no more attention. */
  async #settle(): Promise<void> {
    const { vectors, names, pending, nowMs } = this.#options;
    for (const batch of inBatches(pending.sent(LOOKED_AT_TOGETHER), MOST_READ)) {
      const shown = await vectors.getByIds(batch.map(({ no }) => names.idOf(no)));
      const valuesById = new Map(shown.map(({ id, values }) => [id, values]));
      for (const change of batch) {
        if (this.#isAsItShouldBe(change, valuesById.get(names.idOf(change.no)))) pending.settle(change);
        else if (nowMs() - (change.sentAtMs ?? 0) >= SEND_AGAIN_AFTER_MS) pending.markUnsent(change);
      }
    }
  }

  #isAsItShouldBe({ no }: PendingVector, values: VectorizeVector['values'] | undefined): boolean {
    const template = this.#options.templates.of(no);
    if (!template || !values) return !template && !values;
    return template.every((value, i) => Math.abs(value - (values[i] ?? Number.NaN)) <= SAME_NUMBER);
  }

  #ringSoon(): void {
    this.#options.ringAt(this.#options.nowMs() + LOOK_AFTER_MS);
  }

  /** One at a time: what is sent later must not arrive sooner, nor anything after everybody was removed. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function inBatches<One>(all: readonly One[], most: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}
