import { type OutputUnit, type SchemaDraft, Validator } from '@cfworker/json-schema';
import { MAX_METADATA_BYTES } from '#shared/contract/checks.ts';
import { ApiFailure } from '#shared/contract/errors.ts';

type Metadata = Record<string, unknown>;

const MAX_DEPTH = 32;
const MAX_PROBLEMS = 20;

/** Errors that only lead to the one that says something. */
const STEPS = new Set(
  [
    ['$ref', '$recursiveRef', 'allOf', 'if', 'dependentSchemas', 'properties', 'patternProperties'],
    ['additionalProperties', 'unevaluatedProperties', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems'],
  ].flat(),
);
/** Errors that say more than the many below them, one for each way that was not taken. */
const CHOICES = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames']);

/** By the end of `$schema`. Draft 6 has nothing that draft 7 reads otherwise. */
const DRAFTS: readonly [RegExp, SchemaDraft][] = [
  [/\/draft-0[67]\/schema#?$/, '7'],
  [/\/2019-09\/schema#?$/, '2019-09'],
  [/\/2020-12\/schema#?$/, '2020-12'],
];

/**
 * The `metadata` of a form, checked against the organisation's JSON schema; null when there is none. A schema that requires
 * something is not met by leaving all of it out.
 *
 * Schemas come from the operator alone, so a `pattern` that takes for ever is the operator's own doing. One that cannot be
 * used at all is a fault of the server, and until it is mended no metadata goes through.
 */
export function validateMetadata(text: string | undefined, schema: Metadata | null): Metadata | null {
  const metadata = text === undefined ? null : parseMetadata(text);
  if (schema === null) return metadata;
  const problems = problemsBy(schema, metadata ?? {});
  if (problems.length > 0) throw invalidMetadata(problems);
  return metadata;
}

function parseMetadata(text: string): Metadata {
  if (new TextEncoder().encode(text).length > MAX_METADATA_BYTES) {
    throw invalidMetadata([`metadata must be at most ${MAX_METADATA_BYTES} bytes of JSON`]);
  }
  const metadata = parseJson(text);
  if (!isObject(metadata)) throw invalidMetadata(['metadata must be a JSON object']);
  if (isDeeperThan(metadata, MAX_DEPTH)) {
    throw invalidMetadata([`metadata must not be nested more than ${MAX_DEPTH} levels deep`]);
  }
  return metadata;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidMetadata(['metadata must be valid JSON']);
  }
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

/** Ajv, which most use, makes code of a schema; Workers run none that is made while they run. */
function problemsBy(schema: Metadata, metadata: Metadata): string[] {
  try {
    const { valid, errors } = validatorOf(schema).validate(metadata);
    if (valid) return [];
    const problems = new Set(toldErrors(errors).map(describe));
    return problems.size > 0 ? [...problems].slice(0, MAX_PROBLEMS) : ['metadata does not fit the schema'];
  } catch (error) {
    // Half a character in a member's name, which the validator cannot write down. Names in the schema have been by now.
    if (error instanceof URIError) return ['metadata has a member whose name is not valid text'];
    throw new Error('The metadata schema of the organisation cannot be used', { cause: error });
  }
}

function validatorOf(schema: Metadata): Validator {
  try {
    // The one keyword of these drafts that the validator passes over without a word.
    if (JSON.stringify(schema).includes('"$dynamicRef":')) throw new Error('$dynamicRef is not supported');
    // The validator writes into the schema that it is given.
    return new Validator(structuredClone(schema), draftOf(schema), false);
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : 'unknown');
  }
}

function draftOf({ $schema: uri }: Metadata): SchemaDraft {
  if (uri === undefined) return '2020-12';
  const draft = DRAFTS.find(([pattern]) => typeof uri === 'string' && pattern.test(uri))?.[1];
  if (draft === undefined) throw new Error(`$schema ${uri} is not known`);
  return draft;
}

function toldErrors(errors: readonly OutputUnit[]): OutputUnit[] {
  const choices = errors
    .filter(({ keyword }) => CHOICES.has(keyword))
    .map(({ keywordLocation }) => `${keywordLocation}/`);
  return errors.filter(
    ({ keyword, keywordLocation }) =>
      !STEPS.has(keyword) && !choices.some((choice) => keywordLocation.startsWith(choice)),
  );
}

function describe({ keyword, instanceLocation, error }: OutputUnit): string {
  const names = instanceLocation.split('/').slice(1).map(decodeName);
  const path = ['metadata', ...names].join('.');
  if (keyword === 'required')
    return `${path}.${error.slice(error.indexOf('"') + 1, error.lastIndexOf('"'))} is required`;
  return keyword === 'false' ? `${path} is not allowed` : `${path}: ${error}`;
}

/** RFC 6901, in its URI fragment form. */
function decodeName(token: string): string {
  return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
}

function invalidMetadata(messages: string[]): ApiFailure {
  const [message = 'metadata is not valid'] = messages;
  return new ApiFailure({ code: 'invalid_metadata', message, messages });
}
