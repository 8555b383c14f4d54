import { modelHeaders } from '#models/model-headers.ts';
import type { RegisteredModel } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { parseOrFail, validationFailure } from '#shared/contract/validation.ts';
import { VideoFields } from '#shared/contract/videos.ts';
import { checkPublicUrl } from '#shared/public-fetch/public-url.ts';
import { invalidVideoInput, type VideoFormContent } from './read-video-form.ts';
import { validateMetadata } from './validate-metadata.ts';

/** What is asked for, with nothing left to check but the recording itself. */
export interface VideoRequest {
  model: RegisteredModel;
  metadata: Record<string, unknown> | null;
  contentHash: string | null;
  videoUrl: string | null;
}

interface Asked {
  versionHeader: string | undefined;
  metadataSchema: Record<string, unknown> | null;
  announce(headers: Record<string, string>): void;
}

/** Fails with the first thing that is wrong, the model first: what is answered after it can name it. */
export function readVideoRequest(form: VideoFormContent, asked: Asked): VideoRequest {
  const fields = parseOrFail(VideoFields, Object.fromEntries(form.fields), 'body');
  const model = modelOf(fields, asked.versionHeader);
  asked.announce(modelHeaders(model));
  const recording = recordingOf(form, fields);
  const metadata = validateMetadata(fields.metadata, asked.metadataSchema);
  return { model, metadata, ...recording };
}

function modelOf({ model, frame_count: frameCount }: VideoFields, versionHeader: string | undefined): RegisteredModel {
  const resolved = resolveModel({ versionHeader, model, frameCount });
  if (resolved.ok) return resolved.model;
  const { code, field, message } = resolved;
  if (code === 'invalid_model') throw invalidVideoInput(message);
  throw validationFailure([{ field, message, missing: code === 'missing_field' }]);
}

function recordingOf(
  { file }: VideoFormContent,
  { video_url: videoUrl }: VideoFields,
): Pick<VideoRequest, 'contentHash' | 'videoUrl'> {
  const given = [file, videoUrl || null].filter((one) => one !== null);
  if (given.length !== 1) throw invalidVideoInput('Provide exactly one of video_file and video_url');
  if (file !== null) {
    if (file.sizeBytes === 0) throw invalidVideoInput('video_file is empty');
    return { contentHash: file.sha256, videoUrl: null };
  }
  const checked = checkPublicUrl(videoUrl ?? '');
  if (!checked.ok) throw invalidVideoInput(`video_url ${checked.message}`);
  return { contentHash: null, videoUrl: checked.url.href };
}
