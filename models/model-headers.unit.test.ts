import { expect, test } from 'vitest';
import { modelHeaders } from './model-headers.ts';
import { resolveModel } from './resolve-model.ts';

function headersOf(model: string): Record<string, string> {
  const resolved = resolveModel({ model });
  if (!resolved.ok) throw new Error(resolved.message);
  return modelHeaders(resolved.model);
}

test('a current model is named, and nothing else', () => {
  expect(headersOf('mixed-30-v2')).toEqual({ 'X-Moveris-Model-Resolved': 'mixed-30-v2' });
});

test('a deprecated model also says that it is, until when it lasts, and what to use instead', () => {
  expect(headersOf('mixed-150')).toEqual({
    'X-Moveris-Model-Resolved': 'mixed-150',
    Deprecation: 'true',
    Sunset: '2027-06-30',
    'X-Moveris-Deprecated-Model': 'mixed-150',
    'X-Moveris-Suggested-Model': 'mixed-120-v2',
  });
});
