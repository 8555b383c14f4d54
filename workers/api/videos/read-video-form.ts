import { createHash } from 'node:crypto';
import { ApiFailure } from '#shared/contract/errors.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import { MAX_VIDEO_BYTES, VIDEO_EXTENSIONS, VideoFields } from '#shared/contract/videos.ts';
import { storeUpload } from '#shared/lib/store-upload.ts';
import { type FormPart, readField } from '../operation/multipart-form.ts';
import { discardRecording } from './discard-recording.ts';

export interface VideoFile {
  sizeBytes: number;
  /** In hex. */
  sha256: string;
  /** Not when nobody could pay for what it is stored for. */
  isStored: boolean;
}

export interface VideoFormContent {
  file: VideoFile | null;
  /** As they came, by name. */
  fields: Map<string, string>;
}

const FIELDS: readonly string[] = Object.keys(VideoFields.shape);
/** Metadata is the largest, and has a limit of its own. */
const MAX_FIELD_BYTES = 64 * 1024;

/**
 * The form as it arrives: the file goes to storage, the other fields are kept. A field that nobody knows is passed over. When
 * this fails, nothing is stored. Without a key the file is read and let go.
 */
export async function readVideoForm(
  recordings: R2Bucket,
  form: AsyncIterable<FormPart>,
  objectKey: string | null,
): Promise<VideoFormContent> {
  const fields = new Map<string, string>();
  let file: VideoFile | null = null;
  try {
    for await (const part of form) {
      if (part.name === 'video_file') {
        // What a browser sends of a field in which no file was chosen.
        if (part.filename === '') continue;
        if (file !== null) throw invalidVideoInput('video_file must be given once');
        file = await readFile(recordings, part, objectKey);
      } else if (FIELDS.includes(part.name)) {
        if (fields.has(part.name)) throw givenTwice(part.name);
        fields.set(part.name, await readField(part, MAX_FIELD_BYTES));
      }
    }
  } catch (error) {
    if (file?.isStored && objectKey !== null) await discardRecording(recordings, objectKey);
    throw error;
  }
  return { file, fields };
}

async function readFile(recordings: R2Bucket, part: FormPart, objectKey: string | null): Promise<VideoFile> {
  refuseOtherFiles(part);
  if (objectKey === null) return { ...(await measure(part.body)), isStored: false };
  return { ...(await storeUpload(recordings, objectKey, part.body, MAX_VIDEO_BYTES)), isStored: true };
}

/** A repetition of a request must be known as one, also where the first has used up the credits. */
async function measure(body: AsyncIterable<Uint8Array>): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** By its name, before it is read. What it really is shows when it is decoded. */
function refuseOtherFiles({ filename }: FormPart): void {
  if (filename === null) throw invalidVideoInput('video_file must be a file');
  const extension = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase();
  if (VIDEO_EXTENSIONS.some((known) => known === extension)) return;
  throw invalidVideoInput(`video_file must be named with one of ${VIDEO_EXTENSIONS.join(', ')}`);
}

function givenTwice(field: string): ApiFailure {
  return validationFailure([{ field, message: `${field} must be given once`, missing: false }]);
}

export function invalidVideoInput(message: string): ApiFailure {
  return new ApiFailure({ code: 'invalid_video_input', message });
}
