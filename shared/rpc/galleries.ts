/**
 * What the gateway may ask of the gallery Worker, which keeps what faces look like: embeddings and thumbnails, sealed at rest, and
 * an index over them. It knows no names and no tenants' rules; who a person is stands in the database. Every answer is a result,
 * for errors do not cross RPC whole.
 */
export interface GalleriesService {
  /** Whether it has what it needs to open what it keeps. Says nothing of any one shard. */
  ready(): Promise<GalleryResult>;
  /** Stores a person's faces, all or none. The same person again is stored anew: a repetition changes nothing. */
  enrol(place: GalleryPlace, person: PersonToEnrol): Promise<EnrolResult>;
  /** Adds faces to a person who is there already. */
  addFaces(place: GalleryPlace, personId: string, faces: FaceToKeep[]): Promise<AddFacesResult>;
  removeFace(place: GalleryPlace, personId: string, faceId: string): Promise<RemoveFaceResult>;
  /** After it nothing of the person is left: row, index, thumbnail. Removing who is not there is no failure. */
  removePerson(place: GalleryPlace, personId: string): Promise<GalleryResult>;
  /** Everything of a collection, every shard. */
  erase(collection: CollectionExtent): Promise<GalleryResult>;
  /** Thumbnails, at most `perPerson` each, oldest first; persons who are not there are left out. */
  readFaces(requests: PersonsToRead[], perPerson: number): Promise<ReadGalleryFacesResult>;
  /** How like one person somebody is; `cosine` null when the person is not there. */
  compare(place: GalleryPlace, personId: string, probe: Float32Array): Promise<CompareWithPersonResult>;
  /** Who of these collections is most like `probe`, best first. */
  search(request: GallerySearch): Promise<GallerySearchResult>;
}

/** A shard of a collection. The gateway's database says which one a person is in. */
export interface GalleryPlace {
  organisationId: string;
  collectionId: string;
  shard: number;
}

export interface CollectionExtent {
  organisationId: string;
  collectionId: string;
  /** Shards 0 to here, this one left out. */
  shardCount: number;
}

export interface FaceToKeep {
  id: string;
  /** 512 numbers, of length 1. */
  embedding: Float32Array;
  /** JPEG. */
  thumbnail: Uint8Array;
  /** SHA-256 of the picture as it came, hex: the same picture again is not kept twice. */
  pictureHash: string;
  createdAtMs: number;
}

export interface PersonToEnrol {
  personId: string;
  faces: FaceToKeep[];
  /** Refuse when somebody in this shard is at least this like; null: whoever it may be. Decided and stored in one step. */
  refuseFromCosine: number | null;
}

export type GalleryFailure = { ok: false; reason: 'failed' };

export type EnrolResult =
  | { ok: true; faceIds: string[] }
  | { ok: false; reason: 'full' }
  | { ok: false; reason: 'similar'; personId: string; cosine: number }
  | GalleryFailure;

export type AddFacesResult =
  /** `faceIds`: all that the person has now. `added`: those that were offered and are among these. */
  | { ok: true; faceIds: string[]; added: string[] }
  | { ok: false; reason: 'no_such_person' }
  | { ok: false; reason: 'too_many_faces' }
  | GalleryFailure;

export type RemoveFaceResult =
  | { ok: true; faceIds: string[] }
  | { ok: false; reason: 'no_such_face' }
  /** A person without a face cannot be found: remove the person instead. */
  | { ok: false; reason: 'last_face' }
  | GalleryFailure;

export type GalleryResult = { ok: true } | GalleryFailure;

export interface PersonsToRead {
  place: GalleryPlace;
  personIds: string[];
}

export interface GalleryFace {
  id: string;
  thumbnail: Uint8Array<ArrayBuffer>;
  createdAtMs: number;
}

export type ReadGalleryFacesResult =
  | { ok: true; persons: { personId: string; faces: GalleryFace[] }[] }
  | GalleryFailure;

export type CompareWithPersonResult = { ok: true; cosine: number | null } | GalleryFailure;

export const SEARCH_MODES = ['FAST', 'ACCURATE'] as const;
/** ACCURATE compares with everybody; FAST with whoever a coarser look finds. */
export type SearchMode = (typeof SEARCH_MODES)[number];

export interface GallerySearch {
  collections: CollectionExtent[];
  /** 512 numbers, of length 1. */
  probe: Float32Array;
  mode: SearchMode;
  /** At most this many, together. */
  count: number;
  leastCosine: number;
}

export interface GalleryMatch {
  collectionId: string;
  shard: number;
  personId: string;
  /** Exact in both modes: FAST may miss somebody, but says nothing wrong of whom it finds. */
  cosine: number;
}

export type GallerySearchResult = { ok: true; matches: GalleryMatch[] } | GalleryFailure;

/** Of one person. */
export const MOST_FACES = 20;
