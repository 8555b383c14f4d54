import type { z } from 'zod';
import { FACE_SEARCH_PATH, FACE_SEARCH_SHAPE } from '#shared/contract/face-search-shape.ts';
import { defineOperation, type Operation, type OperationSpec } from '../../operation/operation.ts';

/** Ten pictures of a phone, in base64. The body is held whole: what one request may hold, an isolate of 128 MB must bear a few times. */
export const MAX_IMAGES_BODY_BYTES = 16 * 2 ** 20;

type Schema = z.ZodObject | undefined;

/** What all of face search has in common: where it is, who may call, and how it answers. */
export function defineFaceOperation<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Body extends z.ZodType | undefined = undefined,
  Data extends z.ZodType = z.ZodType,
>(
  spec: Omit<OperationSpec<'bearer', Params, Query, undefined, Body, Data>, 'access' | 'shape' | 'path'> & {
    /** Below the path of face search. */
    path: `/${string}`;
  },
): Operation {
  const path = `${FACE_SEARCH_PATH}${spec.path}` as const;
  return defineOperation<'bearer', Params, Query, undefined, Body, Data>({
    ...spec,
    path,
    access: 'bearer',
    shape: FACE_SEARCH_SHAPE,
  });
}
