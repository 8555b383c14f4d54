import { askObject } from '#shared/lib/ask-object.ts';
import type { GalleryPlace } from '#shared/rpc/galleries.ts';
import type { GalleryShard } from './gallery-shard.ts';

/** As the class says it: the stub's own types wrap every answer in what RPC might do to it. */
export type AskedShard = Pick<
  GalleryShard,
  'enrol' | 'addFaces' | 'removeFace' | 'removePerson' | 'erase' | 'readFaces' | 'compare' | 'search'
>;

export type AskShard = <Answer>(place: GalleryPlace, call: (shard: AskedShard) => Promise<Answer>) => Promise<Answer>;

/** The organisation is part of the name: a collection of one is another collection for everybody else. */
export function galleryShards(namespace: DurableObjectNamespace<GalleryShard>): AskShard {
  return (place, call) => askObject(() => namespace.getByName(nameOf(place)) as unknown as AskedShard, call);
}

export function nameOf({ organisationId, collectionId, shard }: GalleryPlace): string {
  return JSON.stringify([organisationId, collectionId, shard]);
}
