import { cosine, meanDirection, unitVector } from '#shared/lib/embedding.ts';
import {
  type AddFacesResult,
  type EnrolResult,
  type FaceToKeep,
  type GalleryFace,
  type GallerySearch,
  MOST_FACES,
  type PersonToEnrol,
  type RemoveFaceResult,
} from '#shared/rpc/galleries.ts';
import { differentFaces } from './different-faces.ts';
import type { Change, FaceIndex, FaceQuestion, Found, Look } from './engine/face-index.ts';
import type { GalleryTruth } from './store/gallery-truth.ts';

export interface ShardMatch {
  personId: string;
  cosine: number;
}

export type ShardQuestion = Pick<GallerySearch, 'probe' | 'mode' | 'count' | 'leastCosine'>;

/** SQLite of an object ends at 10 GB. */
const FULL_AT_BYTES = 9e9;

interface Dependencies {
  truth: GalleryTruth;
  index: FaceIndex;
}

/**
 * What can be done with a shard. Each change is decided and stored in one step, in which nobody comes between, as one transaction;
 * the index follows at once, or is made anew.
 */
export class GalleryShardWork {
  readonly #truth: GalleryTruth;
  readonly #index: FaceIndex;

  constructor({ truth, index }: Dependencies) {
    this.#truth = truth;
    this.#index = index;
  }

  async enrol({ personId, faces, refuseFromCosine }: PersonToEnrol): Promise<EnrolResult> {
    const kept = differentFaces(
      [],
      faces.map((face) => this.#truth.newFace(face)),
    );
    if (kept.length === 0 || kept.length > MOST_FACES) {
      throw new Error(`a person is enrolled with 1 to ${MOST_FACES} faces, not ${kept.length}`);
    }
    const template = meanDirection(kept.map(({ embedding }) => embedding));
    if (Number.isNaN(refuseFromCosine)) throw new Error('to refuse somebody takes a cosine');
    const look =
      refuseFromCosine === null
        ? null
        : // Two, for the person may be there already and is like themselves.
          await this.#look({ probe: template, leastCosine: refuseFromCosine, mode: 'ACCURATE', count: 2 });
    // From here to the commit nothing waits.
    const known = this.#truth.personNo(personId);
    const other = look?.().find(({ no }) => no !== known);
    if (other) return { ok: false, reason: 'similar', ...this.#match(other) };
    if (known === null && this.#isFull) return { ok: false, reason: 'full' };
    await this.#index.apply(this.#store(() => ({ no: this.#truth.putPerson(personId, kept), template })));
    return { ok: true, faceIds: kept.map(({ id }) => id) };
  }

  async addFaces(personId: string, faces: readonly FaceToKeep[]): Promise<AddFacesResult> {
    const offered = faces.map((face) => this.#truth.newFace(face));
    const no = this.#truth.personNo(personId);
    if (no === null) return { ok: false, reason: 'no_such_person' };
    const before = this.#truth.faces(no, personId);
    const fresh = differentFaces(before, offered);
    const after = [...before, ...fresh];
    if (after.length > MOST_FACES) return { ok: false, reason: 'too_many_faces' };
    if (fresh.length > 0) {
      const template = meanDirection(after.map(({ embedding }) => embedding));
      const change = this.#store(() => {
        this.#truth.addFaces(no, personId, fresh);
        this.#truth.setTemplate(no, personId, template);
        return { no, template };
      });
      await this.#index.apply(change);
    }
    const faceIds = after.map(({ id }) => id);
    // A call that is repeated, for its answer was lost, adds nothing; its answer is the first one's all the same.
    return { ok: true, faceIds, added: offered.map(({ id }) => id).filter((id) => faceIds.includes(id)) };
  }

  async removeFace(personId: string, faceId: string): Promise<RemoveFaceResult> {
    const no = this.#truth.personNo(personId);
    const before = no === null ? [] : this.#truth.faces(no, personId);
    const after = before.filter(({ id }) => id !== faceId);
    if (no === null || after.length === before.length) return { ok: false, reason: 'no_such_face' };
    if (after.length === 0) return { ok: false, reason: 'last_face' };
    const template = meanDirection(after.map(({ embedding }) => embedding));
    const change = this.#store(() => {
      this.#truth.removeFace(no, faceId);
      this.#truth.setTemplate(no, personId, template);
      return { no, template };
    });
    await this.#index.apply(change);
    return { ok: true, faceIds: after.map(({ id }) => id) };
  }

  async removePerson(personId: string): Promise<void> {
    const no = this.#truth.personNo(personId);
    if (no === null) return;
    const change = this.#store(() => {
      this.#truth.removePerson(no);
      return { no, template: null };
    });
    await this.#index.apply(change);
  }

  /** It takes no key. The index first, for the truth knows whom it must forget. */
  async erase(): Promise<void> {
    await this.#index.clear();
    await this.#truth.erase();
    this.#index.forget();
  }

  async readFaces(
    personIds: readonly string[],
    perPerson: number,
  ): Promise<{ personId: string; faces: GalleryFace[] }[]> {
    return personIds.flatMap((personId) => {
      const no = this.#truth.personNo(personId);
      return no === null ? [] : [{ personId, faces: this.#truth.thumbnails(no, personId, perPerson) }];
    });
  }

  async compare(personId: string, probe: Float32Array): Promise<number | null> {
    const direction = unitVector(probe);
    const no = this.#truth.personNo(personId);
    const template = no === null ? null : this.#truth.of(no);
    return template && similarity(cosine(template, direction));
  }

  async search({ probe, ...asked }: ShardQuestion): Promise<ShardMatch[]> {
    if (!(Number.isInteger(asked.count) && asked.count > 0)) throw new Error('a search wants at least one match');
    if (Number.isNaN(asked.leastCosine)) throw new Error('a search has a least cosine');
    const question = { probe: unitVector(probe), ...asked };
    if (!this.#truth.isThere) return [];
    const look = await this.#look(question);
    return look().map((found) => this.#match(found));
  }

  async tend(): Promise<void> {
    if (this.#truth.isThere) await this.#index.tend();
  }

  async #look(question: FaceQuestion): Promise<Look> {
    const look = await this.#index.look(question);
    return () => {
      // Looked at now: somebody may have enrolled the first person, or erased the last, while we waited.
      if (!this.#truth.isThere) return [];
      if (this.#truth.indexName !== this.#index.name) this.#truth.atOnce(() => this.#adopt());
      return look();
    };
  }

  get #isFull(): boolean {
    return this.#truth.personCount >= this.#index.capacityPersons || this.#truth.bytes >= FULL_AT_BYTES;
  }

  #store(change: () => Change): Change {
    return this.#truth.atOnce(() => {
      if (!this.#truth.isThere) this.#truth.create();
      if (this.#truth.indexName !== this.#index.name) this.#adopt();
      const made = change();
      this.#index.note(made);
      return made;
    });
  }

  #adopt(): void {
    this.#index.adopt();
    this.#truth.followedBy(this.#index.name);
  }

  #match({ no, cosine: exact }: Found): ShardMatch {
    return { personId: this.#truth.personId(no), cosine: similarity(exact) };
  }
}

/** Rounding may lead past what a cosine can be. */
function similarity(exact: number): number {
  return Math.min(1, Math.max(-1, exact));
}
