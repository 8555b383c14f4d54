import { createHash } from 'node:crypto';
import type { GalleryPlace } from '#shared/rpc/galleries.ts';

/**
 * How the vectors of one shard are named in Vectorize, where names are for the whole index, of 64 bytes at most: the shard's name
 * is a hash of the three that it goes by, and a vector's that and the person's number.
 */
export class VectorNames {
  readonly namespace: string;

  constructor({ organisationId, collectionId, shard }: GalleryPlace) {
    const name = JSON.stringify([organisationId, collectionId, shard]);
    this.namespace = createHash('sha256').update(name).digest('base64url');
  }

  idOf(no: number): string {
    return `${this.namespace}.${no}`;
  }

  /** null for what is no vector of this shard. */
  noOf(id: string): number | null {
    const [namespace, no = ''] = id.split('.');
    return namespace === this.namespace && /^\d+$/.test(no) ? Number(no) : null;
  }
}
