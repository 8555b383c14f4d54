import { modelHeaders } from '#models/model-headers.ts';
import type { RegisteredModel } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import type { ModelChoice } from '#shared/rpc/frame-session.ts';

interface AskedModel {
  body: { model?: string | undefined; frame_count?: number | undefined };
  versionHeader: string | undefined;
  announce(headers: Record<string, string>): void;
}

/** The model that a request of a session asks for, announced, and how it was asked for. */
export function sessionModel({ body, versionHeader, announce }: AskedModel): {
  model: RegisteredModel;
  choice: ModelChoice;
} {
  const resolved = resolveModel({ versionHeader, model: body.model, frameCount: body.frame_count });
  if (!resolved.ok) {
    const { code, field, message } = resolved;
    if (code === 'invalid_model') throw new ApiFailure({ code, message });
    throw validationFailure([{ field, message, missing: code === 'missing_field' }]);
  }
  const { model } = resolved;
  announce(modelHeaders(model));
  const choice = { modelId: model.id, version: versionHeader ?? null, frameCount: body.frame_count ?? null };
  return { model, choice };
}
