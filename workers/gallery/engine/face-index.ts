/** Of a person, by number: their template as it is now, or null when they are gone. */
export interface Change {
  no: number;
  template: Float32Array | null;
}

export interface FaceQuestion {
  /** Of length 1. */
  probe: Float32Array;
  mode: 'FAST' | 'ACCURATE';
  count: number;
  leastCosine: number;
}

export interface Found {
  no: number;
  /** Exact. */
  cosine: number;
}

/**
 * Answers at once, from what is stored at that moment, so that a decision and what follows from it are one step. Best first; of
 * equal ones who was enrolled first.
 */
export type Look = () => Found[];

/**
 * Who is most like somebody. An index holds nothing that cannot be made anew: the truth is sealed in SQLite, and an index takes
 * from it what it answers with.
 */
export interface FaceIndex {
  /** Kept with the truth: where another name stands there, this index knows nobody yet. */
  readonly name: string;
  /** How many persons one shard may have. */
  readonly capacityPersons: number;
  /** Within the transaction in which it comes to follow the truth: whoever is there already is new to it. */
  adopt(): void;
  /** Does all of a search that takes waiting. */
  look(question: FaceQuestion): Promise<Look>;
  /** Within the transaction that changes the truth: what is written here stays or goes with it. */
  note(change: Change): void;
  /** After the commit. What goes wrong here is made up for later; the answers are right meanwhile. */
  apply(change: Change): Promise<void>;
  /** Everybody will go: whatever lies elsewhere goes now. Throws where somebody may be left. */
  clear(): Promise<void>;
  /** Everybody is gone. */
  forget(): void;
  /** When the alarm rings. */
  tend(): Promise<void>;
}

/** The truth as an index sees it: templates, opened. */
export interface Templates {
  all(): Iterable<{ no: number; template: Float32Array }>;
  /** null for who is not there. */
  of(no: number): Float32Array | null;
}
