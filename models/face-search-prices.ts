/** What a face call costs, in credits, by operation. What only reads or removes is free. */
export const FACE_CREDITS = {
  searchFaces: 1,
  searchFaceCrops: 1,
  /** A check and a search. */
  searchLiveFaces: 2,
  verifyFace: 1,
  detectFaces: 1,
  createPerson: 1,
  addPersonFaces: 1,
} as const;

export type PaidFaceOperation = keyof typeof FACE_CREDITS;

/** What a usage row names as the model of such a call. */
export const FACE_MODEL = 'face-search';
