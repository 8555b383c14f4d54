import { createHash } from 'node:crypto';
import { type ListedOperation, listOperations } from './list-operations.ts';
import { collectionAuth, operationAuth, tokenVariables } from './postman-auth.ts';
import { toPostmanRequest } from './postman-request.ts';
import { toPostmanResponses } from './postman-response.ts';
import { POSTMAN_SCHEMA, type PostmanCollection, type PostmanFolder, type PostmanItem } from './postman-types.ts';
import type { OpenApiDocument } from './resolve-reference.ts';

export type { PostmanCollection } from './postman-types.ts';

const LOCAL_BASE_URL = 'http://localhost:8787';

/** The same document always gives the same collection, so importing it again can replace what was imported before. */
export function toPostmanCollection(document: OpenApiDocument, options: { baseUrl?: string } = {}): PostmanCollection {
  const { folders, loose } = sortByTag(document);
  const baseUrl = options.baseUrl ?? absoluteServer(document) ?? LOCAL_BASE_URL;
  return {
    info: {
      _postman_id: stableId(`collection ${document.info.title}`),
      name: document.info.title,
      description: document.info.description ?? '',
      version: document.info.version,
      schema: POSTMAN_SCHEMA,
    },
    item: [...folders.filter((folder) => folder.item.length > 0), ...loose],
    auth: collectionAuth(document),
    variable: [
      { key: 'baseUrl', value: baseUrl.replace(/\/+$/, ''), type: 'string' },
      // Empty: a key has no place in a file that is handed on.
      { key: 'apiKey', value: '', type: 'string' },
      ...tokenVariables(document).map((key) => ({ key, value: '', type: 'string' as const })),
    ],
  };
}

/** Folders in the order in which the document lists its tags, then of tags that it only uses; an operation is in one. */
function sortByTag(document: OpenApiDocument): { folders: PostmanFolder[]; loose: PostmanItem[] } {
  const folders = new Map((document.tags ?? []).map((tag) => [tag.name, newFolder(tag.name, tag.description)]));
  const loose: PostmanItem[] = [];
  for (const listed of listOperations(document)) {
    const item = toItem(document, listed);
    const tag = listed.operation.tags?.[0];
    if (tag === undefined) {
      loose.push(item);
      continue;
    }
    const folder = folders.get(tag) ?? newFolder(tag);
    folders.set(tag, folder);
    folder.item.push(item);
  }
  return { folders: [...folders.values()], loose };
}

function newFolder(name: string, description = ''): PostmanFolder {
  return { id: stableId(`folder ${name}`), name, description, item: [] };
}

function toItem(document: OpenApiDocument, listed: ListedOperation): PostmanItem {
  const { operation, method, path } = listed;
  const id = operation.operationId ?? `${method} ${path}`;
  const auth = operationAuth(document, operation);
  const request = toPostmanRequest(document, listed);
  return {
    id: stableId(`operation ${id}`),
    name: operation.summary ?? id,
    request: auth === undefined ? request : { ...request, auth },
    response: toPostmanResponses(document, operation, request).map((response) => ({
      id: stableId(`response ${id} ${response.code}`),
      ...response,
    })),
  };
}

function absoluteServer(document: OpenApiDocument): string | undefined {
  return document.servers?.map((server) => server.url).find((url) => /^https?:\/\/[^{]+$/.test(url));
}

/** Postman wants a UUID; version 8 (RFC 9562, 5.8) is the one for a value of one's own making. */
function stableId(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
