import type { oas32 } from 'zod-openapi';
import { listOperations } from './list-operations.ts';
import type { PostmanAuth } from './postman-types.ts';
import { type OpenApiDocument, resolveReference } from './resolve-reference.ts';

type Scheme = { name: string } & ({ kind: 'apiKey'; header: string } | { kind: 'bearer' });

/** What every request sends that says nothing else: the key. */
export function collectionAuth(document: OpenApiDocument): PostmanAuth {
  const header = schemesOf(document).find((scheme) => scheme.kind === 'apiKey')?.header ?? 'X-API-Key';
  return {
    type: 'apikey',
    apikey: [
      { key: 'key', value: header, type: 'string' },
      { key: 'value', value: '{{apiKey}}', type: 'string' },
      { key: 'in', value: 'header', type: 'string' },
    ],
  };
}

/** `undefined` where the collection's key will do. A token is used only by an operation that takes no key. */
export function operationAuth(document: OpenApiDocument, operation: oas32.OperationObject): PostmanAuth | undefined {
  const accepted = acceptedSchemes(document, operation);
  if (accepted.length === 0) return { type: 'noauth' };
  if (accepted.some((scheme) => scheme.kind === 'apiKey')) return undefined;
  return { type: 'bearer', bearer: [{ key: 'token', value: `{{${accepted[0]?.name}}}`, type: 'string' }] };
}

/** The variables that `operationAuth` names, in the order of the document's schemes. */
export function tokenVariables(document: OpenApiDocument): string[] {
  const used = listOperations(document).map(({ operation }) => acceptedSchemes(document, operation));
  return schemesOf(document)
    .filter(({ name }) => used.some((accepted) => accepted[0]?.name === name && isBearerOnly(accepted)))
    .map(({ name }) => name);
}

function isBearerOnly(accepted: readonly Scheme[]): boolean {
  return accepted.every((scheme) => scheme.kind === 'bearer');
}

/** An operation's own list replaces the document's; an empty one means that nothing is asked for. */
function acceptedSchemes(document: OpenApiDocument, operation: oas32.OperationObject): Scheme[] {
  const names = (operation.security ?? document.security ?? []).flatMap((requirement) => Object.keys(requirement));
  const schemes = schemesOf(document);
  return names.flatMap((name) => schemes.filter((scheme) => scheme.name === name));
}

function schemesOf(document: OpenApiDocument): Scheme[] {
  return Object.entries(document.components?.securitySchemes ?? {}).flatMap(([name, value]): Scheme[] => {
    const scheme = resolveReference(document, value);
    if (scheme.type === 'apiKey' && scheme.in === 'header')
      return [{ kind: 'apiKey', name, header: scheme.name ?? '' }];
    if (scheme.type === 'http' && scheme.scheme?.toLowerCase() === 'bearer') return [{ kind: 'bearer', name }];
    return [];
  });
}
