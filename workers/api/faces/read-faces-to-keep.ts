import type { FaceToKeep } from '#shared/rpc/galleries.ts';
import { inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import type { Services } from '../services.ts';
import { readImages } from './read-images.ts';
import { readSubjects, type Subject } from './read-subjects.ts';

export interface FacesToKeep {
  subjects: Subject[];
  faces: FaceToKeep[];
}

/** What is to be known of a person from now on: of each image one clear face, or all are refused. */
export async function readFacesToKeep(services: Services, texts: readonly string[]): Promise<FacesToKeep> {
  const images = await readImages(services, texts);
  const how = { framing: 'whole', embedding: 'flipped', thumbnails: 'subject', strictness: 'one_clear_face' } as const;
  const subjects = await readSubjects(services, images, how);
  const createdAtMs = services.nowMs();
  return { subjects, faces: subjects.map((subject) => faceOf(subject, services.newId(), createdAtMs)) };
}

function faceOf({ image, face, embedding }: Subject, id: string, createdAtMs: number): FaceToKeep {
  if (face.thumbnail === null) throw inferenceFailed('a face without a thumbnail');
  return { id, embedding, thumbnail: face.thumbnail, pictureHash: image.hash, createdAtMs };
}
