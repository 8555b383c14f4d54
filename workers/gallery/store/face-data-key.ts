import { readDataKey } from '#shared/lib/read-data-key.ts';

export const LOCAL_FACE_DATA_KEY = 'bG9jYWwta2V5LW9mLWZhY2VzLWtub3duLXRvLWFsbCE=';

export interface FaceDataEnv {
  FACE_DATA_KEY?: string;
  ENVIRONMENT?: string;
}

/** The key that all face data is sealed under. */
export function readFaceDataKey({ FACE_DATA_KEY: value, ENVIRONMENT: environment }: FaceDataEnv): Uint8Array {
  return readDataKey({ name: 'FACE_DATA_KEY', value, localValue: LOCAL_FACE_DATA_KEY, environment }).bytes;
}
