import {
  EMBEDDING_LENGTH,
  FACE_COMPLAINTS,
  type FaceComplaint,
  type FacesOutcome,
  type FacesService,
  type FoundFace,
  type ReadFacesRequest,
} from '../rpc/faces.ts';
import type { PictureProblem } from '../rpc/inference.ts';
import { GOOD_FACE, STUB_BOX } from './stub-inference.ts';

const PICTURE_PROBLEMS: readonly PictureProblem[] = ['not_a_picture', 'damaged', 'too_large', 'wrong_size'];

/** How far pictures of one person lie apart: cosines of about 0.8. */
const VARIATION = 0.5;

/**
 * A face Worker for tests of the gateway: what a picture is to it, its bytes say. `picture('ann 1')` and `picture('ann 2')` are two
 * pictures of Ann; `picture('no_face')` and the other complaints and problems are what they are called, of nobody or of whom
 * the next word names. Its calls are recorded.
 */
export function stubFaces(replaced: Partial<FacesService> = {}) {
  const requests: ReadFacesRequest[] = [];
  const service: FacesService = {
    loadedWeights: async () => ({ ok: true, weights: [] }),
    readFaces: async (request) => {
      requests.push(request);
      return { ok: true, outcomes: request.pictures.map((bytes) => outcomeOf(bytes, request)) };
    },
    ...replaced,
  };
  return { service, requests };
}

function outcomeOf(bytes: Uint8Array, request: ReadFacesRequest): FacesOutcome {
  const text = new TextDecoder().decode(bytes);
  const words = text.split(' ');
  const [first = ''] = words;
  const problem = PICTURE_PROBLEMS.find((known) => known === first);
  if (problem !== undefined) return { ok: false, problem };
  const complaint = FACE_COMPLAINTS.find((known) => known === first) ?? null;
  const size = { width: 640, height: 480 };
  if (complaint === 'no_face') return { ok: true, ...size, faces: [], embedding: null, complaints: [complaint] };
  return {
    ok: true,
    ...size,
    faces: facesOf(text, complaint, request),
    embedding: request.embedding === 'none' ? null : embeddingOf(complaint === null ? text : words.slice(1).join(' ')),
    complaints: complaint === null ? [] : [complaint],
  };
}

function facesOf(text: string, complaint: FaceComplaint | null, { thumbnails }: ReadFacesRequest): FoundFace[] {
  const face = (name: string, hasThumbnail: boolean): FoundFace => ({
    box: STUB_BOX,
    confidence: 0.9,
    landmarks: [
      [30, 40],
      [80, 40],
      [55, 70],
      [35, 100],
      [75, 100],
    ],
    quality: GOOD_FACE.quality,
    thumbnail: hasThumbnail ? new Uint8Array(new TextEncoder().encode(`thumbnail of ${name}`)) : null,
  });
  const subject = face(text, thumbnails !== 'none');
  return complaint === 'several_faces' ? [subject, face('somebody else', thumbnails === 'all')] : [subject];
}

/** Of the person whom the first word names, seen as in the picture of this very name. */
export function embeddingOf(text: string): Float32Array<ArrayBuffer> {
  const [person = ''] = text.split(' ');
  const ofPerson = direction(person);
  const ofPicture = direction(`picture ${text}`);
  return unit(ofPerson.map((value, i) => value + VARIATION * (ofPicture[i] ?? 0)));
}

/** Directions of different names are all but at right angles to each other. */
function direction(name: string): Float32Array<ArrayBuffer> {
  let state = 2166136261;
  for (const character of name) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  const next = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state >>> 8) & 0xffff) / 0x8000 - 1;
  };
  return unit(Float32Array.from({ length: EMBEDDING_LENGTH }, next));
}

function unit(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
