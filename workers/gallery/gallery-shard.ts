import { DurableObject } from 'cloudflare:workers';
import type {
  AddFacesResult,
  CompareWithPersonResult,
  EnrolResult,
  FaceToKeep,
  GalleryFailure,
  GalleryPlace,
  GalleryResult,
  PersonToEnrol,
  ReadGalleryFacesResult,
  RemoveFaceResult,
} from '#shared/rpc/galleries.ts';
import { chooseIndex, type EngineEnv } from './engine/choose-index.ts';
import { GalleryShardWork, type ShardMatch, type ShardQuestion } from './gallery-shard-work.ts';
import { orFailed } from './or-failed.ts';
import { type FaceDataEnv, readFaceDataKey } from './store/face-data-key.ts';
import { FaceSeal } from './store/face-seal.ts';
import { GalleryTruth } from './store/gallery-truth.ts';
import { ShardStore } from './store/shard-store.ts';

/** What the platform binds to it; `workers/gallery/wrangler.toml` is its other half. */
export interface GalleryShardEnv extends EngineEnv, FaceDataEnv {}

const RING_AGAIN_AFTER_MS = 60_000;

export type ShardSearchResult = { ok: true; matches: ShardMatch[] } | GalleryFailure;

/** A shard of one collection of one organisation: the three are its name. Results, never errors, leave it. */
export class GalleryShard extends DurableObject<GalleryShardEnv> {
  /** From the first call on, which says the place. */
  #opened: { place: GalleryPlace; work: GalleryShardWork } | null = null;

  async enrol(place: GalleryPlace, person: PersonToEnrol): Promise<EnrolResult> {
    return await orFailed('enrol', () => this.#at(place).enrol(person));
  }

  async addFaces(place: GalleryPlace, personId: string, faces: FaceToKeep[]): Promise<AddFacesResult> {
    return await orFailed('add faces', () => this.#at(place).addFaces(personId, faces));
  }

  async removeFace(place: GalleryPlace, personId: string, faceId: string): Promise<RemoveFaceResult> {
    return await orFailed('remove a face', () => this.#at(place).removeFace(personId, faceId));
  }

  async removePerson(place: GalleryPlace, personId: string): Promise<GalleryResult> {
    return await orFailed('remove a person', async () => {
      await this.#at(place).removePerson(personId);
      return { ok: true };
    });
  }

  async erase(place: GalleryPlace): Promise<GalleryResult> {
    return await orFailed('erase a shard', async () => {
      await this.#at(place).erase();
      return { ok: true };
    });
  }

  async readFaces(place: GalleryPlace, personIds: string[], perPerson: number): Promise<ReadGalleryFacesResult> {
    return await orFailed('read faces', async () => ({
      ok: true,
      persons: await this.#at(place).readFaces(personIds, perPerson),
    }));
  }

  async compare(place: GalleryPlace, personId: string, probe: Float32Array): Promise<CompareWithPersonResult> {
    return await orFailed('compare', async () => ({
      ok: true,
      cosine: await this.#at(place).compare(personId, probe),
    }));
  }

  async search(place: GalleryPlace, question: ShardQuestion): Promise<ShardSearchResult> {
    return await orFailed('search', async () => ({ ok: true, matches: await this.#at(place).search(question) }));
  }

  /** For an index that is elsewhere. Which shard this is, its storage knows. */
  override async alarm(): Promise<void> {
    const place = new ShardStore(this.ctx.storage).place();
    if (!place) return;
    try {
      await this.#at(place).tend();
    } catch (error) {
      // The platform would try a few times more, and never again.
      console.error(
        'gallery: could not tend the index:',
        error instanceof Error ? error.message : 'something was thrown',
      );
      await this.ctx.storage.setAlarm(Date.now() + RING_AGAIN_AFTER_MS);
    }
  }

  #at(place: GalleryPlace): GalleryShardWork {
    this.#opened ??= { place, work: this.#open(place) };
    const { organisationId, collectionId, shard } = this.#opened.place;
    if (organisationId !== place.organisationId || collectionId !== place.collectionId || shard !== place.shard) {
      throw new Error('a shard was asked for another one');
    }
    return this.#opened.work;
  }

  #open(place: GalleryPlace): GalleryShardWork {
    const { storage } = this.ctx;
    const seal = new FaceSeal(readFaceDataKey(this.env), place.organisationId);
    const truth = new GalleryTruth({ store: new ShardStore(storage), seal, place });
    return new GalleryShardWork({ truth, index: chooseIndex(this.env, { templates: truth, storage, place }) });
  }
}
