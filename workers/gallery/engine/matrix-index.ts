import type { PackedMatrix } from '../index/packed-matrix.ts';
import { searchAccurately, searchFast } from '../index/search-matrix.ts';
import type { Change, FaceIndex, FaceQuestion, Found, Look, Templates } from './face-index.ts';
import type { MatrixBudget, MatrixHolder } from './matrix-budget.ts';

interface Options {
  templates: Templates;
  capacityPersons: number;
  /** An empty one. */
  newMatrix: () => PackedMatrix;
  budget: MatrixBudget;
  log: (message: string, error?: unknown) => void;
}

/**
 * A matrix in memory. It is filled in one go, without a pause in which somebody could come between: who asks meanwhile waits for
 * the same filling. On any doubt it is let go of, and the next to ask fills another.
 */
export class MatrixIndex implements FaceIndex, MatrixHolder {
  readonly name = 'durable-object';
  readonly capacityPersons: number;
  readonly #options: Options;
  /** Filled, and in step with what is stored. */
  #matrix: PackedMatrix | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.capacityPersons = options.capacityPersons;
  }

  adopt(): void {}

  async look(question: FaceQuestion): Promise<Look> {
    return () => {
      try {
        return this.#search(question);
      } catch (error) {
        if (!(error instanceof OutOfStep)) throw error;
        this.#options.log('the matrix was out of step and is filled anew', error);
        this.#drop();
        return this.#search(question);
      }
    };
  }

  note(): void {}

  async apply({ no, template }: Change): Promise<void> {
    if (!this.#matrix) return;
    try {
      if (template) this.#matrix.put(no, template);
      else this.#matrix.remove(no);
      this.#options.budget.use(this, this.#matrix.memoryBytes);
    } catch (error) {
      this.#options.log('the matrix could not follow a change and will be filled anew', error);
      this.#drop();
    }
  }

  async clear(): Promise<void> {}

  forget(): void {
    this.#drop();
  }

  async tend(): Promise<void> {}

  /** Should the log be full of this, there are more persons than the memory is for. */
  letGo(): void {
    this.#options.log('a matrix made room for that of another shard');
    this.#drop();
  }

  #drop(): void {
    // Others may still hold the memory for a while; nobody's face should be in it.
    this.#matrix?.clear();
    this.#matrix = null;
    this.#options.budget.release(this);
  }

  #search({ probe, mode, count, leastCosine }: FaceQuestion): Found[] {
    const { templates } = this.#options;
    const exactOf = (no: number) => {
      const template = templates.of(no);
      if (!template) throw new OutOfStep(`nobody has the number ${no}`);
      return template;
    };
    const search = mode === 'FAST' ? searchFast : searchAccurately;
    const scored = search(this.#filled(), { probe, count, leastCosine, exactOf });
    return scored.map(({ key, score }) => ({ no: key, cosine: score }));
  }

  #filled(): PackedMatrix {
    const { templates, newMatrix, budget } = this.#options;
    if (!this.#matrix) {
      const matrix = newMatrix();
      for (const { no, template } of templates.all()) {
        matrix.put(no, template);
        budget.use(this, matrix.memoryBytes);
      }
      this.#matrix = matrix;
    }
    budget.use(this, this.#matrix.memoryBytes);
    return this.#matrix;
  }
}

class OutOfStep extends Error {}
