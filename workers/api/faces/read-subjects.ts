import { type Problem, validationFailure } from '#shared/contract/validation.ts';
import {
  FACE_COMPLAINTS,
  type FaceComplaint,
  type FacesOutcome,
  type FoundFace,
  type ReadFacesRequest,
} from '#shared/rpc/faces.ts';
import type { PictureProblem } from '#shared/rpc/inference.ts';
import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import type { FacePorts } from './face-services.ts';
import { type Image, problem } from './read-images.ts';

/** The person of one image. */
export interface Subject {
  image: Image;
  face: FoundFace;
  embedding: Float32Array<ArrayBuffer>;
}

export type ReadPicture = Extract<FacesOutcome, { ok: true }>;

const PICTURE_PROBLEMS: Record<PictureProblem, string> = {
  not_a_picture: 'is no PNG, JPEG or WebP picture',
  damaged: 'is a damaged picture',
  too_large: 'is too large a picture: at most 4096 pixels a side, 4.19 million in all and 20 MiB',
  too_small: 'is too small a picture: at least 64 pixels a side',
  wrong_size: 'is a picture of the wrong size',
};

const COMPLAINTS: Record<FaceComplaint, string> = {
  no_face: 'shows no face',
  several_faces: 'shows several faces, and none of them stands out',
  too_small: 'shows a face that is too small',
  turned_away: 'shows a face that is turned away',
  too_dark: 'shows a face that is too dark',
  too_bright: 'shows a face that is too bright',
  too_blurred: 'shows a face that is too blurred',
};

/**
 * A face that is to be found again must be clear; one that is searched for is taken as it is. Where its life was looked at by
 * another Worker, there must be no doubt of whom the two speak.
 */
const REFUSED = {
  one_clear_face: FACE_COMPLAINTS,
  one_face: ['no_face', 'several_faces'],
  any_face: ['no_face'],
} as const satisfies Record<string, readonly FaceComplaint[]>;
type Strictness = keyof typeof REFUSED;

export interface ReadSubjectsRequest extends Omit<ReadFacesRequest, 'pictures'> {
  embedding: 'single' | 'flipped';
  strictness: Strictness;
}

/** Whoever each image shows. One that shows nobody refuses them all, by name. */
export async function readSubjects(
  services: Pick<FacePorts, 'faces'>,
  images: readonly Image[],
  { strictness, ...how }: ReadSubjectsRequest,
): Promise<Subject[]> {
  const pictures = await readPictures(services, images, how);
  const refused: readonly FaceComplaint[] = REFUSED[strictness];
  const subjects: Subject[] = [];
  const problems: Problem[] = [];
  for (const [place, { faces, complaints, embedding }] of pictures.entries()) {
    const image = images[place];
    const [face] = faces;
    const complaint = complaints.find((given) => refused.includes(given));
    if (image === undefined) throw inferenceFailed('more outcomes than pictures');
    if (complaint !== undefined || face === undefined) {
      problems.push(problem(image.index, COMPLAINTS[complaint ?? 'no_face']));
    } else if (embedding === null) throw inferenceFailed('a face without an embedding');
    else subjects.push({ image, face, embedding });
  }
  if (problems.length > 0) throw validationFailure(problems);
  return subjects;
}

/** All faces of each image. One that is no picture refuses them all, by name. */
export async function readPictures(
  { faces }: Pick<FacePorts, 'faces'>,
  images: readonly Image[],
  how: Omit<ReadFacesRequest, 'pictures'>,
): Promise<ReadPicture[]> {
  const request = { ...how, pictures: images.map(({ bytes }) => bytes) };
  const { outcomes } = await askInference((deadlineAtMs) => faces.readFaces(request, deadlineAtMs));
  if (outcomes.length !== images.length) throw inferenceFailed('not one outcome for each picture');
  const read: ReadPicture[] = [];
  const problems: Problem[] = [];
  for (const [place, outcome] of outcomes.entries()) {
    if (outcome.ok) read.push(outcome);
    else problems.push(problem(images[place]?.index ?? 0, PICTURE_PROBLEMS[outcome.problem]));
  }
  if (problems.length > 0) throw validationFailure(problems);
  return read;
}

export function refusePicture(index: number, why: PictureProblem | 'no_face') {
  return validationFailure([problem(index, why === 'no_face' ? COMPLAINTS.no_face : PICTURE_PROBLEMS[why])]);
}
