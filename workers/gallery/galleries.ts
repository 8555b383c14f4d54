import { WorkerEntrypoint } from 'cloudflare:workers';
import type {
  AddFacesResult,
  CollectionExtent,
  CompareWithPersonResult,
  EnrolResult,
  FaceToKeep,
  GalleriesService,
  GalleryFailure,
  GalleryPlace,
  GalleryResult,
  GallerySearch,
  GallerySearchResult,
  PersonsToRead,
  PersonToEnrol,
  ReadGalleryFacesResult,
  RemoveFaceResult,
} from '#shared/rpc/galleries.ts';
import type { GalleryShard } from './gallery-shard.ts';
import { type AskedShard, galleryShards } from './gallery-shards.ts';
import { orFailed } from './or-failed.ts';
import { everyShard, searchCollections } from './search-collections.ts';
import { type FaceDataEnv, readFaceDataKey } from './store/face-data-key.ts';

export interface GalleriesEnv extends FaceDataEnv {
  GALLERY_SHARD: DurableObjectNamespace<GalleryShard>;
}

/** Reached through a service binding only. It keeps nothing: it knows which shards to ask, and puts their answers together. */
export class Galleries extends WorkerEntrypoint<GalleriesEnv> implements GalleriesService {
  async ready(): Promise<GalleryResult> {
    return await orFailed('read its key', async () => {
      readFaceDataKey(this.env);
      return { ok: true };
    });
  }

  async enrol(place: GalleryPlace, person: PersonToEnrol): Promise<EnrolResult> {
    return await this.#ask(place, (shard) => shard.enrol(place, person));
  }

  async addFaces(place: GalleryPlace, personId: string, faces: FaceToKeep[]): Promise<AddFacesResult> {
    return await this.#ask(place, (shard) => shard.addFaces(place, personId, faces));
  }

  async removeFace(place: GalleryPlace, personId: string, faceId: string): Promise<RemoveFaceResult> {
    return await this.#ask(place, (shard) => shard.removeFace(place, personId, faceId));
  }

  async removePerson(place: GalleryPlace, personId: string): Promise<GalleryResult> {
    return await this.#ask(place, (shard) => shard.removePerson(place, personId));
  }

  async erase(collection: CollectionExtent): Promise<GalleryResult> {
    const places = everyShard([collection]);
    const erased = await Promise.all(places.map((place) => this.#ask(place, (shard) => shard.erase(place))));
    return erased.find(({ ok }) => !ok) ?? { ok: true };
  }

  async readFaces(requests: PersonsToRead[], perPerson: number): Promise<ReadGalleryFacesResult> {
    const read = await Promise.all(
      requests.map(({ place, personIds }) => this.#ask(place, (shard) => shard.readFaces(place, personIds, perPerson))),
    );
    const persons = read.flatMap((result) => (result.ok ? result.persons : []));
    return read.find(({ ok }) => !ok) ?? { ok: true, persons };
  }

  async compare(place: GalleryPlace, personId: string, probe: Float32Array): Promise<CompareWithPersonResult> {
    return await this.#ask(place, (shard) => shard.compare(place, personId, probe));
  }

  async search(request: GallerySearch): Promise<GallerySearchResult> {
    return await searchCollections(request, (place, question) =>
      this.#ask(place, (shard) => shard.search(place, question)),
    );
  }

  /** A shard that cannot be reached has failed. */
  async #ask<Answer>(
    place: GalleryPlace,
    call: (shard: AskedShard) => Promise<Answer>,
  ): Promise<Answer | GalleryFailure> {
    return await orFailed('reach a shard', () => galleryShards(this.env.GALLERY_SHARD)(place, call));
  }
}
