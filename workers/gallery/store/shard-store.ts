import type { GalleryPlace } from '#shared/rpc/galleries.ts';

export interface StoredPerson {
  no: number;
  id: string;
  sealedTemplate: Uint8Array;
}

export interface StoredFace {
  id: string;
  pictureMark: string;
  sealedEmbedding: Uint8Array;
  sealedThumbnail: Uint8Array;
  createdAtMs: number;
}

export type Storage = Pick<DurableObjectStorage, 'sql' | 'transactionSync' | 'deleteAll'>;

/** A person's number is never used again, nor is it known outside. */
const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
  CREATE TABLE persons (no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, template BLOB NOT NULL) STRICT;
  CREATE TABLE faces (
    person_no INTEGER NOT NULL, id TEXT NOT NULL, picture_mark TEXT NOT NULL, embedding BLOB NOT NULL,
    thumbnail BLOB NOT NULL, created_at_ms INTEGER NOT NULL, UNIQUE (person_no, id)
  ) STRICT;
`;

/** The truth of a shard. All of it answers at once, so what one turn asks and writes belongs together. */
export class ShardStore {
  readonly #storage: Storage;
  #isThere = false;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** An object that is only asked about writes nothing, so that none stays behind. */
  get isThere(): boolean {
    this.#isThere ||= this.#rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'persons'").length > 0;
    return this.#isThere;
  }

  /** All of it or nothing. */
  atOnce<Answer>(change: () => Answer): Answer {
    return this.#storage.transactionSync(change);
  }

  create({ organisationId, collectionId, shard }: GalleryPlace): void {
    this.#storage.sql.exec(SCHEMA);
    const facts = { persons: 0, organisation: organisationId, collection: collectionId, shard };
    for (const [name, value] of Object.entries(facts)) this.setFact(name, value);
  }

  /** null before anything was stored. */
  place(): GalleryPlace | null {
    if (!this.isThere) return null;
    return {
      organisationId: String(this.fact('organisation')),
      collectionId: String(this.fact('collection')),
      shard: Number(this.fact('shard')),
    };
  }

  fact(name: string): SqlStorageValue {
    return this.#rows<{ value: SqlStorageValue }>('SELECT value FROM facts WHERE name = ?', name)[0]?.value ?? null;
  }

  setFact(name: string, value: string | number | Uint8Array): void {
    this.#run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', name, value);
  }

  /** Counted along: to count them anew reads them all. */
  get personCount(): number {
    return Number(this.fact('persons'));
  }

  get bytes(): number {
    return this.#storage.sql.databaseSize;
  }

  personNo(personId: string): number | null {
    return this.#rows<{ no: number }>('SELECT no FROM persons WHERE id = ?', personId)[0]?.no ?? null;
  }

  person(no: number): StoredPerson | null {
    const [row] = this.#rows<PersonRow>('SELECT no, id, template FROM persons WHERE no = ?', no);
    return row ? personOf(row) : null;
  }

  *persons(): Generator<StoredPerson> {
    for (const row of this.#storage.sql.exec<PersonRow>('SELECT no, id, template FROM persons')) yield personOf(row);
  }

  addPerson(personId: string, sealedTemplate: Uint8Array): number {
    this.#run('INSERT INTO persons (id, template) VALUES (?, ?)', personId, sealedTemplate);
    this.#run("UPDATE facts SET value = value + 1 WHERE name = 'persons'");
    const no = this.personNo(personId);
    if (no === null) throw new Error('a person is not there who was just stored');
    return no;
  }

  setTemplate(no: number, sealedTemplate: Uint8Array): void {
    this.#run('UPDATE persons SET template = ? WHERE no = ?', sealedTemplate, no);
  }

  removePerson(no: number): void {
    this.removeFaces(no);
    this.#run('DELETE FROM persons WHERE no = ?', no);
    this.#run("UPDATE facts SET value = value - 1 WHERE name = 'persons'");
  }

  /** Oldest first. */
  faces(no: number, most = -1): StoredFace[] {
    const rows = this.#rows<FaceRow>(
      `SELECT id, picture_mark, embedding, thumbnail, created_at_ms FROM faces
       WHERE person_no = ? ORDER BY created_at_ms, rowid LIMIT ?`,
      no,
      most,
    );
    return rows.map(faceOf);
  }

  addFace(no: number, { id, pictureMark, sealedEmbedding, sealedThumbnail, createdAtMs }: StoredFace): void {
    this.#run(
      `INSERT INTO faces (person_no, id, picture_mark, embedding, thumbnail, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)`,
      ...[no, id, pictureMark, sealedEmbedding, sealedThumbnail, createdAtMs],
    );
  }

  removeFace(no: number, faceId: string): void {
    this.#run('DELETE FROM faces WHERE person_no = ? AND id = ?', no, faceId);
  }

  removeFaces(no: number): void {
    this.#run('DELETE FROM faces WHERE person_no = ?', no);
  }

  /** Nothing remains; an alarm goes, too. */
  async erase(): Promise<void> {
    this.#isThere = false;
    await this.#storage.deleteAll();
  }

  #rows<Row extends Record<string, SqlStorageValue>>(query: string, ...values: Bound[]): Row[] {
    return this.#storage.sql.exec<Row>(query, ...values).toArray();
  }

  #run(query: string, ...values: Bound[]): void {
    this.#storage.sql.exec(query, ...values);
  }
}

type Bound = string | number | Uint8Array;
type PersonRow = { no: number; id: string; template: ArrayBuffer };
type FaceRow = {
  id: string;
  picture_mark: string;
  embedding: ArrayBuffer;
  thumbnail: ArrayBuffer;
  created_at_ms: number;
};

function personOf({ no, id, template }: PersonRow): StoredPerson {
  return { no, id, sealedTemplate: new Uint8Array(template) };
}

function faceOf({ id, picture_mark, embedding, thumbnail, created_at_ms }: FaceRow): StoredFace {
  return {
    id,
    pictureMark: picture_mark,
    sealedEmbedding: new Uint8Array(embedding),
    sealedThumbnail: new Uint8Array(thumbnail),
    createdAtMs: created_at_ms,
  };
}
