import type { z } from 'zod';
import { ApiFailure } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** One complaint about one field, whole sentence. */
export interface Problem {
  field: string;
  message: string;
  /** The field is absent. */
  missing: boolean;
}

/** Parses what came through a door; what does not fit leaves as one `ApiFailure` with an entry per field. */
export function parseOrFail<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  rootName: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw validationFailure(problemsOf(parsed.error.issues, input, rootName));
}

/** `parentPath` is where `input` stands in the whole, when it is not the whole. */
export function problemsOf(
  issues: readonly Issue[],
  input: unknown,
  rootName: string,
  parentPath: readonly string[] = [],
): Problem[] {
  return issues.flatMap((issue) =>
    pathsOf(issue).map((path) => {
      const field = [...parentPath, ...path].join('.') || rootName;
      const missing = path.length > 0 && issue.code !== 'unrecognized_keys' && valueAt(input, path) === undefined;
      return { field, message: missing ? `${field} is required` : `${field} ${complaint(issue)}`, missing };
    }),
  );
}

export function validationFailure(problems: readonly Problem[]): ApiFailure {
  const byField = Map.groupBy(problems, ({ field }) => field);
  const fields = [...byField].map(([field, own]) => ({ field, messages: own.map(({ message }) => message) }));
  const [first] = problems;
  return new ApiFailure({
    code: first?.missing ? 'missing_field' : 'validation_error',
    message: first?.message ?? 'The request is not valid',
    fields,
  });
}

function pathsOf(issue: Issue): string[][] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/** The rest of a sentence that starts with the name of the field. */
function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${withArticle(issue.expected)}`;
    case 'too_small':
      return `must ${bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'regex' ? 'is malformed' : `must be a valid ${issue.format.replaceAll('_', ' ')}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    default:
      return issue.message;
  }
}

function bound(origin: string, word: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${word} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array' || origin === 'set') return `have ${word} ${limit} item${limit === 1 ? '' : 's'}`;
  return `be ${word} ${limit}`;
}

function withArticle(type: string): string {
  const name = type === 'int' ? 'integer' : type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}
