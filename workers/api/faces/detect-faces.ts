import type { DetectAnswer } from '#shared/contract/face-search.ts';
import type { FoundFace } from '#shared/rpc/faces.ts';
import { inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { requireCredits, takeCredits } from './paid-call.ts';
import { readImages } from './read-images.ts';
import { readPictures } from './read-subjects.ts';

/** Where the faces of each image are. An image without one is an answer, too. */
export function detectFaces(services: Services, caller: KeyCaller, images: readonly string[]): Promise<DetectAnswer> {
  return finishAnyway(services, detect());

  async function detect(): Promise<DetectAnswer> {
    const startedAtMs = services.nowMs();
    await requireCredits(services, caller, 'detectFaces');
    const read = await readImages(services, images);
    const how = { framing: 'whole', embedding: 'none', thumbnails: 'all' } as const;
    const pictures = await readPictures(services, read, how);
    const data = pictures.map(({ width, height, faces }) => ({ width, height, faces: faces.map(presentFace) }));
    const id = services.newId();
    await takeCredits(services, caller, { id, operation: 'detectFaces', pictures: read.length, startedAtMs });
    return { id, data };
  }
}

function presentFace({ box, confidence, landmarks, quality, thumbnail }: FoundFace) {
  const [leftEye, rightEye, nose, mouthLeft, mouthRight] = landmarks.map(([x, y]) => ({ x, y }));
  if (!leftEye || !rightEye || !nose || !mouthLeft || !mouthRight || thumbnail === null) {
    throw inferenceFailed('a face without landmarks or thumbnail');
  }
  return {
    box,
    confidence,
    landmarks: { left_eye: leftEye, right_eye: rightEye, nose, mouth_left: mouthLeft, mouth_right: mouthRight },
    quality: { size: quality.faceSizePixels, brightness: quality.brightness, sharpness: quality.sharpness },
    thumbnail: thumbnail.toBase64(),
  };
}
