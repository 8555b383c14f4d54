import { meanDirection, unitVector } from '#shared/lib/embedding.ts';
import type { FaceToKeep, GalleryFace, GalleryPlace } from '#shared/rpc/galleries.ts';
import type { Templates } from '../engine/face-index.ts';
import type { FaceSeal } from './face-seal.ts';
import type { ShardStore } from './shard-store.ts';

/** What it takes to tell whether another face is the same. */
export interface KnownFace {
  id: string;
  pictureMark: string;
  embedding: Float32Array;
}

export interface NewFace extends KnownFace {
  thumbnail: Uint8Array;
  createdAtMs: number;
}

interface Options {
  store: ShardStore;
  seal: FaceSeal;
  place: GalleryPlace;
}

const KEY_CHECK = 'key_check';
const INDEX = 'index';

/** Who is in a shard, opened: between the tables, which know only sealed bytes, and what is decided over them. */
export class GalleryTruth implements Templates {
  readonly #store: ShardStore;
  readonly #seal: FaceSeal;
  readonly #place: GalleryPlace;
  #isKeyChecked = false;

  constructor({ store, seal, place }: Options) {
    this.#store = store;
    this.#seal = seal;
    this.#place = place;
  }

  /** Whether anything was ever stored here. A key that does not fit is a failure, never an empty gallery. */
  get isThere(): boolean {
    if (!this.#store.isThere) return false;
    if (!this.#isKeyChecked) {
      const sealed = this.#store.fact(KEY_CHECK);
      if (!(sealed instanceof ArrayBuffer)) throw new Error('a gallery without the check of its key');
      this.#seal.unseal(new Uint8Array(sealed), this.#named(KEY_CHECK));
      this.#isKeyChecked = true;
    }
    return true;
  }

  /** The index that follows the changes, where one does. */
  get indexName(): string | null {
    const name = this.#store.fact(INDEX);
    return typeof name === 'string' ? name : null;
  }

  followedBy(indexName: string): void {
    this.#store.setFact(INDEX, indexName);
  }

  get personCount(): number {
    return this.isThere ? this.#store.personCount : 0;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  create(): void {
    this.#store.create(this.#place);
    this.#store.setFact(KEY_CHECK, this.#seal.seal(new Uint8Array(1), this.#named(KEY_CHECK)));
  }

  /** All of it or nothing. */
  atOnce<Answer>(change: () => Answer): Answer {
    return this.#store.atOnce(change);
  }

  personNo(personId: string): number | null {
    return this.isThere ? this.#store.personNo(personId) : null;
  }

  personId(no: number): string {
    const person = this.#store.person(no);
    if (!person) throw new Error('somebody was found who is not there');
    return person.id;
  }

  of(no: number): Float32Array | null {
    const person = this.#store.person(no);
    return person && this.#openTemplate(person.id, person.sealedTemplate);
  }

  *all(): Generator<{ no: number; template: Float32Array }> {
    for (const { no, id, sealedTemplate } of this.#store.persons()) {
      yield { no, template: this.#openTemplate(id, sealedTemplate) };
    }
  }

  newFace({ id, embedding, thumbnail, pictureHash, createdAtMs }: FaceToKeep): NewFace {
    const pictureMark = this.#seal.pictureMark(pictureHash);
    return { id, embedding: unitVector(embedding), thumbnail, pictureMark, createdAtMs };
  }

  faces(no: number, personId: string): KnownFace[] {
    return this.#store.faces(no).map(({ id, pictureMark, sealedEmbedding }) => ({
      id,
      pictureMark,
      embedding: numbersOf(this.#seal.unseal(sealedEmbedding, this.#named('embedding', personId, id))),
    }));
  }

  /** Oldest first. */
  thumbnails(no: number, personId: string, most: number): GalleryFace[] {
    return this.#store.faces(no, most).map(({ id, sealedThumbnail, createdAtMs }) => ({
      id,
      thumbnail: this.#seal.unseal(sealedThumbnail, this.#named('thumbnail', personId, id)),
      createdAtMs,
    }));
  }

  /** A person anew, whoever they were before; their number stays. */
  putPerson(personId: string, faces: readonly NewFace[]): number {
    const sealed = this.#sealTemplate(personId, meanDirection(faces.map(({ embedding }) => embedding)));
    const known = this.#store.personNo(personId);
    const no = known ?? this.#store.addPerson(personId, sealed);
    if (known !== null) {
      this.#store.removeFaces(no);
      this.#store.setTemplate(no, sealed);
    }
    this.addFaces(no, personId, faces);
    return no;
  }

  addFaces(no: number, personId: string, faces: readonly NewFace[]): void {
    for (const { id, pictureMark, embedding, thumbnail, createdAtMs } of faces) {
      const sealedEmbedding = this.#seal.seal(bytesOf(embedding), this.#named('embedding', personId, id));
      const sealedThumbnail = this.#seal.seal(thumbnail, this.#named('thumbnail', personId, id));
      this.#store.addFace(no, { id, pictureMark, sealedEmbedding, sealedThumbnail, createdAtMs });
    }
  }

  removeFace(no: number, faceId: string): void {
    this.#store.removeFace(no, faceId);
  }

  setTemplate(no: number, personId: string, template: Float32Array): void {
    this.#store.setTemplate(no, this.#sealTemplate(personId, template));
  }

  removePerson(no: number): void {
    this.#store.removePerson(no);
  }

  async erase(): Promise<void> {
    this.#isKeyChecked = false;
    await this.#store.erase();
  }

  #openTemplate(personId: string, sealed: Uint8Array): Float32Array {
    return numbersOf(this.#seal.unseal(sealed, this.#named('template', personId)));
  }

  #sealTemplate(personId: string, template: Float32Array): Uint8Array {
    return this.#seal.seal(bytesOf(template), this.#named('template', personId));
  }

  #named(kind: 'key_check' | 'template' | 'embedding' | 'thumbnail', personId = '', faceId = '') {
    return { kind, collectionId: this.#place.collectionId, personId, faceId };
  }
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** The bytes lie at the beginning of memory of their own. */
function numbersOf(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
}
