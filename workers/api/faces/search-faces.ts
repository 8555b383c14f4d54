import type { PaidFaceOperation } from '#models/face-search-prices.ts';
import type {
  Candidate,
  LiveSearchAnswer,
  SearchAnswer,
  SearchFacesBody,
  SearchLiveFacesBody,
} from '#shared/contract/face-search.ts';
import type { FaceCollectionRow } from '#shared/db/face-collections.ts';
import type { FaceBox } from '#shared/rpc/inference.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { fuseSubjects } from './fuse-subjects.ts';
import { type FaceWork, requireCredits, takeCredits } from './paid-call.ts';
import { probeLiveness, refuseOthers } from './probe-liveness.ts';
import { type Image, readImages } from './read-images.ts';
import { readSubjects, type Subject } from './read-subjects.ts';
import { collectionsToSearch, searchGallery } from './search-gallery.ts';

interface SearchDoor {
  operation: Extract<PaidFaceOperation, 'searchFaces' | 'searchFaceCrops' | 'searchLiveFaces'>;
  framing: 'whole' | 'crop';
}

/** 1:N: who of the gallery the images show. */
export function searchFaces(
  services: Services,
  caller: KeyCaller,
  door: SearchDoor,
  body: SearchFacesBody,
): Promise<SearchAnswer> {
  return finishAnyway(services, search());

  async function search(): Promise<SearchAnswer> {
    const { work, images, collections } = await begin(services, caller, door, body);
    const subjects = await subjectsOf(services, door, body, images);
    const data = await searchFor(services, caller.organisation.id, body, collections, subjects);
    await takeCredits(services, caller, work);
    return { id: work.id, data };
  }
}

/**
 * The same behind a look at whether the images show a live face. Where they do not, nobody is searched for: an answer that named
 * somebody would be taken for a match by whoever reads no further.
 */
export function searchLiveFaces(
  services: Services,
  caller: KeyCaller,
  body: SearchLiveFacesBody,
): Promise<LiveSearchAnswer> {
  const door: SearchDoor = { operation: 'searchLiveFaces', framing: 'whole' };
  return finishAnyway(services, search());

  async function search(): Promise<LiveSearchAnswer> {
    const { work, images, collections } = await begin(services, caller, door, body);
    const { liveness, boxes } = await probeLiveness(services, images, body.liveness_min_score);
    const data = liveness.verdict === 'live' ? await searchForLive(images, boxes, collections) : [];
    await takeCredits(services, caller, { ...work, liveness });
    return { id: work.id, data, liveness };
  }

  async function searchForLive(
    images: readonly Image[],
    boxes: readonly FaceBox[],
    collections: readonly FaceCollectionRow[],
  ): Promise<Candidate[]> {
    const subjects = await subjectsOf(services, door, body, images);
    refuseOthers(subjects, boxes);
    return await searchFor(services, caller.organisation.id, body, collections, subjects);
  }
}

async function begin(services: Services, caller: KeyCaller, { operation }: SearchDoor, body: SearchFacesBody) {
  const startedAtMs = services.nowMs();
  await requireCredits(services, caller, operation);
  const collections = await collectionsToSearch(services, caller.organisation.id, body.collection_id);
  const images = await readImages(services, body.images);
  const work: FaceWork = { id: services.newId(), operation, pictures: images.length, startedAtMs };
  return { work, images, collections };
}

async function subjectsOf(
  services: Services,
  { operation, framing }: SearchDoor,
  { search_mode }: SearchFacesBody,
  images: readonly Image[],
): Promise<Subject[]> {
  const embedding = search_mode === 'FAST' ? 'single' : 'flipped';
  const strictness = operation === 'searchLiveFaces' ? 'one_face' : 'any_face';
  return await readSubjects(services, images, { framing, embedding, thumbnails: 'none', strictness });
}

async function searchFor(
  services: Services,
  organisationId: string,
  body: SearchFacesBody,
  collections: readonly FaceCollectionRow[],
  subjects: readonly Subject[],
): Promise<Candidate[]> {
  return await searchGallery(services, {
    organisationId,
    collections,
    probe: fuseSubjects(subjects),
    mode: body.search_mode,
    minScore: body.min_score,
    maxResults: body.max_results,
  });
}
