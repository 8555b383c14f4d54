import type { oas32 } from 'zod-openapi';
import type { OpenApiDocument } from './resolve-reference.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

export interface ListedOperation {
  path: string;
  method: (typeof METHODS)[number];
  pathItem: oas32.PathItemObject;
  operation: oas32.OperationObject;
}

/** In the order of the document. */
export function listOperations(document: OpenApiDocument): ListedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, pathItem]) =>
    Object.keys(pathItem).flatMap((key) => {
      const method = METHODS.find((known) => known === key);
      const operation = method && pathItem[method];
      return method === undefined || operation === undefined ? [] : [{ path, method, pathItem, operation }];
    }),
  );
}
