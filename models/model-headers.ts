import type { RegisteredModel } from './registry.ts';

/** What every response of a route that resolved a model carries, its errors included. */
export function modelHeaders(model: RegisteredModel): Record<string, string> {
  const resolved = { 'X-Moveris-Model-Resolved': model.id };
  if (!model.deprecated) return resolved;
  return {
    ...resolved,
    Deprecation: 'true',
    // An ISO date, as the public contract writes it, where RFC 8594 has an HTTP date.
    Sunset: model.sunset,
    'X-Moveris-Deprecated-Model': model.id,
    'X-Moveris-Suggested-Model': model.suggestedModel,
  };
}
