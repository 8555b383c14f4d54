import { z } from 'zod';
import { MATCH_FROM_SCORE } from '#models/face-score.ts';
import { MOST_FACES, SEARCH_MODES } from '../rpc/galleries.ts';
import { Id, Timestamp } from './common.ts';

export const MOST_IMAGES = 10;
const MOST_RESULTS = 100;
const DEFAULT_RESULTS = 10;
const LEAST_SCORE_OF_CROPS = 0.5;
const LEAST_SCORE = 0.2;
/** As for every check. */
const LIVE_FROM_SCORE = 0.65;

/** A head shape of an answer: what was found, and the id under which the call stands in the usage log. */
export function faceAnswer<Data extends z.ZodType>(data: Data) {
  return z.object({ id: Id, data });
}

/** A page is an answer with the cursor beside its data, which is the list itself. */
export function facePage<Item extends z.ZodType>(item: Item) {
  return faceAnswer(z.array(item)).extend({
    next_cursor: z.string().nullable().meta({ description: 'Ask with it for the next page; null on the last one.' }),
  });
}

export const Images = z
  .array(z.string().min(1))
  .min(1)
  .max(MOST_IMAGES)
  .meta({
    description:
      'One person: 1 to 10 pictures (PNG, JPEG or WebP), each as base64, as a data URL, or as a public HTTPS URL to fetch it from.',
    example: ['<base64>'],
  });

const SearchMode = z.enum(SEARCH_MODES).meta({
  description:
    '`ACCURATE` compares with everybody, by an embedding of the face and its mirror image; `FAST` takes half the time to read the face and looks more coarsely.',
});

const MinScore = (least: number) =>
  z.number().min(least).max(1).meta({
    description:
      'Least score of a match. 0.5 is one false match in 1,000 unrelated pairs; above, each 0.1 is ten times fewer. In a gallery of 1,000 people, 0.5 finds one wrong person on average.',
    example: 0.7,
  });

const searchMembers = {
  images: Images,
  collection_id: Id.optional().meta({ description: 'Search this collection; all of the organisation by default.' }),
  max_results: z.int().min(1).max(MOST_RESULTS).default(DEFAULT_RESULTS),
  search_mode: SearchMode,
};

export const SearchFacesBody = z.object({ ...searchMembers, min_score: MinScore(LEAST_SCORE) });
export const SearchFaceCropsBody = z.object({ ...searchMembers, min_score: MinScore(LEAST_SCORE_OF_CROPS) });
export const SearchLiveFacesBody = SearchFacesBody.extend({
  liveness_min_score: z.number().min(0).max(1).default(LIVE_FROM_SCORE).meta({
    description: 'Least liveness score of each image. Below it nobody is searched for.',
  }),
});
export type SearchFacesBody = z.output<typeof SearchFacesBody>;
export type SearchLiveFacesBody = z.output<typeof SearchLiveFacesBody>;

export const VerifyFaceBody = z.object({
  images: Images,
  person_id: Id,
  min_score: MinScore(LEAST_SCORE).default(MATCH_FROM_SCORE),
  search_mode: SearchMode.default('ACCURATE'),
});
export type VerifyFaceBody = z.output<typeof VerifyFaceBody>;

export const DetectFacesBody = z.object({
  images: Images.meta({ description: 'Pictures to find faces in; they need not show one person.' }),
});

export const Thumbnail = z
  .object({ id: Id, thumbnail: z.string().meta({ description: 'JPEG, base64.' }) })
  .meta({ id: 'FaceThumbnail' });

export const Score = z.number().min(0).max(1).meta({ description: 'Calibrated; see `min_score`.', example: 0.91 });

export const Candidate = z
  .object({
    id: Id,
    name: z.string(),
    score: Score,
    collection_id: Id,
    thumbnails: z.array(Thumbnail),
  })
  .meta({ id: 'FaceCandidate' });
export type Candidate = z.infer<typeof Candidate>;

export const SearchAnswer = faceAnswer(z.array(Candidate).meta({ description: 'The most similar first.' }));
export type SearchAnswer = z.infer<typeof SearchAnswer>;

export const Liveness = z
  .object({
    verdict: z.enum(['live', 'fake']),
    score: z.number().min(0).max(1).meta({ description: 'Of the least live of the images.' }),
    min_score: z.number(),
    advice: z.string().nullable().meta({
      description: 'What the person in front of the camera can do about it, for the least live of the images.',
    }),
  })
  .meta({ id: 'ProbeLiveness' });

export const LiveSearchAnswer = SearchAnswer.extend({ liveness: Liveness });
export type LiveSearchAnswer = z.infer<typeof LiveSearchAnswer>;

export const FaceVerification = z
  .object({ id: Id, name: z.string(), match: z.boolean(), score: Score, min_score: z.number() })
  .meta({ id: 'FaceVerification' });
export const VerifyAnswer = faceAnswer(FaceVerification);
export type VerifyAnswer = z.infer<typeof VerifyAnswer>;

const Point = z.object({ x: z.number(), y: z.number() });

export const DetectedFace = z
  .object({
    box: z
      .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
      .meta({ description: 'In pixels of the picture, upright; may reach beyond it.' }),
    confidence: z.number(),
    landmarks: z
      .object({ left_eye: Point, right_eye: Point, nose: Point, mouth_left: Point, mouth_right: Point })
      .meta({
        description: 'Left and right as seen in the picture.',
      }),
    quality: z.object({
      size: z.number().meta({ description: 'Larger side of the face in pixels.' }),
      brightness: z.number().meta({ description: 'Mean luminance, 0 to 255.' }),
      sharpness: z.number(),
    }),
    thumbnail: z.string().meta({ description: 'The face cut out, JPEG, base64: good for `search/crops`.' }),
  })
  .meta({ id: 'DetectedFace' });

export const DetectedPicture = z
  .object({
    width: z.int(),
    height: z.int(),
    faces: z.array(DetectedFace).meta({ description: 'The largest and most central first.' }),
  })
  .meta({ id: 'PictureWithFaces' });
export const DetectAnswer = faceAnswer(z.array(DetectedPicture).meta({ description: 'One for each image, in order.' }));
export type DetectAnswer = z.infer<typeof DetectAnswer>;

const Name = z.string().trim().min(1).max(200);

export const CollectionBody = z.object({ name: Name.meta({ example: 'employees' }) });

export const Collection = z
  .object({ id: Id, name: z.string(), person_count: z.int().nonnegative(), created_at: Timestamp })
  .meta({ id: 'FaceCollection' });
export type Collection = z.infer<typeof Collection>;

export const CollectionParams = z.object({ collection_id: Id });

export const CreatePersonBody = z.object({
  name: Name.meta({ example: 'John Doe' }),
  images: Images.meta({
    description:
      '1 to 10 pictures of the person, each with one clear face: base64, data URLs, or public HTTPS URLs. The same picture twice is kept once.',
  }),
  collection_id: Id,
  unique: z.boolean().default(false).meta({
    description: 'Refuse (409 `Conflict`) when somebody of the collection matches, at a score of 0.5 and more.',
  }),
});
export type CreatePersonBody = z.output<typeof CreatePersonBody>;

export const UpdatePersonBody = z.object({ name: Name.meta({ example: 'John Doe' }) });
export const AddFacesBody = z.object({ images: Images });

export const Person = z
  .object({
    id: Id,
    name: z.string(),
    collection_id: Id,
    face_count: z.int().min(1).max(MOST_FACES),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'FacePerson' });
export type Person = z.infer<typeof Person>;

export const PersonWithThumbnails = Person.extend({ thumbnails: z.array(Thumbnail) }).meta({ id: 'FacePersonInFull' });
export type PersonWithThumbnails = z.infer<typeof PersonWithThumbnails>;

export const PersonParams = z.object({ person_id: Id });
export const FaceParams = z.object({ person_id: Id, face_id: Id });

export const Removed = z.object({ id: Id }).meta({ id: 'Removed' });
