import { DEFAULT_MODEL_ID, MODELS, modelAlias, type RegisteredModel } from './registry.ts';

export interface ModelSelection {
  /** `X-Model-Version`, absent when the request lacks the header. */
  versionHeader?: string | undefined;
  /** `model` and `frame_count` of the body, as they came. */
  model?: unknown;
  frameCount?: unknown;
}

export type ResolvedModel =
  | { ok: true; model: RegisteredModel }
  | {
      ok: false;
      code: 'invalid_model' | 'missing_field' | 'validation_error';
      field: 'model' | 'frame_count';
      message: string;
    };

const BY_ID: ReadonlyMap<string, RegisteredModel> = new Map(MODELS.map((model) => [model.id, model]));
const BY_ALIAS: ReadonlyMap<string, RegisteredModel> = new Map(
  MODELS.flatMap((model) => model.aliases.map((alias) => [alias, model] as const)),
);

/**
 * The model that a request asks for. With the header, even an empty one, `model` is not looked at. A wrong choice is an
 * error and never the default: a client that misspells a strong model must not be judged by a weaker one.
 */
export function resolveModel({ versionHeader, model, frameCount }: ModelSelection): ResolvedModel {
  return versionHeader === undefined ? resolveById(model) : resolveByVersion(versionHeader, frameCount);
}

function resolveById(id: unknown = DEFAULT_MODEL_ID): ResolvedModel {
  if (typeof id !== 'string') return failure('validation_error', 'model', 'model must be a string');
  const model = BY_ID.get(id);
  if (model) return { ok: true, model };
  return failure('invalid_model', 'model', `Unknown model. Valid models: ${[...BY_ID.keys()].join(', ')}`);
}

function resolveByVersion(version: string, frameCount: unknown): ResolvedModel {
  if (frameCount === undefined) return failure('missing_field', 'frame_count', 'frame_count is required');
  if (typeof frameCount !== 'number' || !Number.isInteger(frameCount)) {
    return failure('validation_error', 'frame_count', 'frame_count must be an integer');
  }
  const model = BY_ALIAS.get(modelAlias(version, frameCount));
  if (model) return { ok: true, model };
  const message = `No model for this X-Model-Version and frame_count. Valid pairs: ${[...BY_ALIAS.keys()].join(', ')}`;
  return failure('invalid_model', 'frame_count', message);
}

function failure(
  code: 'invalid_model' | 'missing_field' | 'validation_error',
  field: 'model' | 'frame_count',
  message: string,
): ResolvedModel {
  return { ok: false, code, field, message };
}
