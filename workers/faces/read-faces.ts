import type { FacesOutcome, FoundFace, ReadFacesRequest, ReadFacesResult } from '#shared/rpc/faces.ts';
import type { DecodePicture } from '../inference/picture/create-picture-decoder.ts';
import type { RgbaPicture } from '../inference/picture/rgba-picture.ts';
import { alignFace } from './face/align-face.ts';
import { complaintsOf } from './face/complaints.ts';
import { embedFace } from './face/embed-face.ts';
import type { FaceNetworks } from './face/face-networks.ts';
import { boundsOf, findFaces } from './face/find-faces.ts';
import { type ReadFace, readFace } from './face/read-face.ts';
import type { EncodeJpeg } from './thumbnail/create-jpeg-encoder.ts';
import { thumbnailOf } from './thumbnail/thumbnail-of.ts';

export interface FaceTools {
  networks: FaceNetworks;
  decodePicture: DecodePicture;
  encodeJpeg: EncodeJpeg;
}

type Log = (message: string, error: unknown) => void;

/**
 * Pictures in, outcomes out, in order. A picture that is none has an outcome of its own, and one without a face has no faces; a
 * fault of ours fails the whole call, so that it never passes for either.
 */
export async function readFaces(
  request: ReadFacesRequest,
  loadTools: () => Promise<FaceTools>,
  log: Log,
): Promise<ReadFacesResult> {
  try {
    const tools = await loadTools();
    const outcomes: FacesOutcome[] = [];
    for (const bytes of request.pictures) {
      // Of any size: the one size of a crop is a rule of the liveness checks.
      const decoded = await tools.decodePicture(bytes, 'frame');
      outcomes.push(decoded.ok ? await readPicture(decoded.picture, request, tools) : decoded);
    }
    return { ok: true, outcomes };
  } catch (error) {
    log('faces: pictures not read', error);
    return { ok: false, reason: 'the pictures could not be read' };
  }
}

async function readPicture(picture: RgbaPicture, request: ReadFacesRequest, tools: FaceTools): Promise<FacesOutcome> {
  const { width, height } = picture;
  const faces: ReadFace[] = [];
  for (const face of await findFaces(picture, request.framing, tools.networks)) {
    faces.push(await readFace(picture, face, tools.networks));
  }
  return {
    ok: true,
    width,
    height,
    faces: await withThumbnails(picture, faces, request.thumbnails, tools.encodeJpeg),
    embedding: await embeddingOf(picture, faces[0], request.embedding, tools.networks),
    complaints: complaintsOf(faces, boundsOf(picture)),
  };
}

async function embeddingOf(
  picture: RgbaPicture,
  subject: ReadFace | undefined,
  kind: ReadFacesRequest['embedding'],
  networks: FaceNetworks,
): Promise<Float32Array<ArrayBuffer> | null> {
  if (!subject || kind === 'none') return null;
  return await embedFace(alignFace(picture, subject.points), kind, networks);
}

async function withThumbnails(
  picture: RgbaPicture,
  faces: readonly ReadFace[],
  whose: ReadFacesRequest['thumbnails'],
  encodeJpeg: EncodeJpeg,
): Promise<FoundFace[]> {
  const found: FoundFace[] = [];
  for (const [place, { box, confidence, points, quality }] of faces.entries()) {
    const isWanted = whose === 'all' || (whose === 'subject' && place === 0);
    const thumbnail = isWanted ? await encodeJpeg(thumbnailOf(picture, box)) : null;
    found.push({ box, confidence, landmarks: points.map(([x, y]) => [x, y]), quality, thumbnail });
  }
  return found;
}
