export interface PendingVector {
  /** Another one each time that the person changes. */
  change: number;
  no: number;
  sentAtMs: number | null;
}

/** Whose vector in Vectorize is, or may be, not what it should be. Beside the truth, so that both change together. */
export class PendingVectors {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Everybody. */
  restart(): void {
    this.#sql.exec(`
      DROP TABLE IF EXISTS vector_changes;
      CREATE TABLE vector_changes (
        change INTEGER PRIMARY KEY AUTOINCREMENT, no INTEGER NOT NULL UNIQUE, sent_at_ms INTEGER
      ) STRICT;
      INSERT INTO vector_changes (no) SELECT no FROM persons;
    `);
  }

  add(no: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO vector_changes (no) VALUES (?)', no);
  }

  get isEmpty(): boolean {
    return !this.#isThere || this.#select('LIMIT 1').length === 0;
  }

  numbers(): number[] {
    return this.#isThere ? this.#select('').map(({ no }) => no) : [];
  }

  unsent(most: number): PendingVector[] {
    return this.#isThere ? this.#select('WHERE sent_at_ms IS NULL LIMIT ?', most) : [];
  }

  unsentOf(no: number): PendingVector[] {
    return this.#isThere ? this.#select('WHERE sent_at_ms IS NULL AND no = ?', no) : [];
  }

  sent(most: number): PendingVector[] {
    return this.#isThere ? this.#select('WHERE sent_at_ms IS NOT NULL ORDER BY sent_at_ms LIMIT ?', most) : [];
  }

  /** None of these does anything to a person who has changed again. */
  markSent(changes: readonly PendingVector[], nowMs: number): void {
    for (const { change } of changes)
      this.#update('UPDATE vector_changes SET sent_at_ms = ? WHERE change = ?', nowMs, change);
  }

  markUnsent({ change }: PendingVector): void {
    this.#update('UPDATE vector_changes SET sent_at_ms = NULL WHERE change = ?', change);
  }

  settle({ change }: PendingVector): void {
    this.#update('DELETE FROM vector_changes WHERE change = ?', change);
  }

  /** Whoever has a vector, or may have one. */
  everybody(): number[] {
    if (!this.#isThere) return [];
    const rows = this.#sql.exec<{ no: number }>('SELECT no FROM persons UNION SELECT no FROM vector_changes');
    return rows.toArray().map(({ no }) => no);
  }

  /** The shard may have been erased while somebody waited for Vectorize. */
  get #isThere(): boolean {
    const tables = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'vector_changes'");
    return tables.toArray().length > 0;
  }

  #select(which: string, ...values: number[]): PendingVector[] {
    const query = `SELECT change, no, sent_at_ms FROM vector_changes ${which}`;
    const rows = this.#sql.exec<{ change: number; no: number; sent_at_ms: number | null }>(query, ...values).toArray();
    return rows.map(({ change, no, sent_at_ms }) => ({ change, no, sentAtMs: sent_at_ms }));
  }

  #update(query: string, ...values: number[]): void {
    if (this.#isThere) this.#sql.exec(query, ...values);
  }
}
