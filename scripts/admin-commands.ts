import { z } from 'zod';
import { ApiFailure } from '../shared/contract/errors.ts';
import { quoteSql } from '../shared/db/quote-sql.ts';
import { validateMetadata } from '../workers/api/videos/validate-metadata.ts';
import { retireSigningKeySql, revokeSigningKeySql } from './signing-key-sql.ts';

export class AdminUsage extends Error {
  override readonly name = 'AdminUsage';
}

const slug = z
  .string('--slug is required')
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, '--slug: lower-case letters, digits and dashes');
const name = z.string('--name is required').min(1).max(100);
const kid = z.string('--kid is required').regex(/^[\w-]{43}$/, '--kid: as the key set names it');
const credits = z.coerce
  .number('--credits is required')
  .int()
  .min(1, '--credits must be a whole number of at least 1')
  .max(1e12);

/** What makes a schema useless as a whole is said here, where it can be mended. A `pattern` that is none shows only in use. */
const schema = z.string('--schema is required').transform((text, context) => {
  if (text === 'none') return null;
  const given = parseSchema(text);
  if (given !== null) return given;
  context.addIssue('--schema must be a JSON schema, draft 7 to 2020-12, without references to elsewhere; or none');
  return z.NEVER;
});

function parseSchema(text: string): Record<string, unknown> | null {
  try {
    const given = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return isUsable(given) ? given : null;
  } catch {
    return null;
  }
}

function isUsable(given: Record<string, unknown>): boolean {
  try {
    validateMetadata('{}', given);
    return true;
  } catch (error) {
    // Metadata that does not fit is what a schema is for.
    return error instanceof ApiFailure;
  }
}

const COMMANDS = {
  'create-organisation': z.object({ slug, name, credits: credits.optional() }),
  'create-key': z.object({ slug, name }),
  'grant-credits': z.object({ slug, credits, reference: z.string('--reference is required').min(1).max(100) }),
  suspend: z.object({ slug }),
  resume: z.object({ slug }),
  limit: z.object({
    slug,
    'requests-per-minute': z.coerce.number('--requests-per-minute is required').int().min(1).max(1e6),
  }),
  'metadata-schema': z.object({ slug, schema }),
  'revoke-signing-key': z.object({ kid }),
  'retire-signing-key': z.object({ kid }),
};

type CommandName = keyof typeof COMMANDS;
type Arguments = { [Name in CommandName]: z.output<(typeof COMMANDS)[Name]> };
/** `slug` is null where a command is about a signing key, which is the deployment's and no organisation's. */
export type AdminCommand = {
  [Name in CommandName]: { name: Name; slug: string | null; makesKey: boolean; given: Arguments[Name] };
}[CommandName];

export function readCommand(commandName: string | undefined, values: object): AdminCommand {
  if (commandName === undefined || !Object.hasOwn(COMMANDS, commandName)) {
    throw new AdminUsage(commandName === undefined ? 'Which command?' : `There is no command "${commandName}".`);
  }
  const known = commandName as CommandName;
  const parsed = COMMANDS[known].safeParse(values);
  if (!parsed.success) throw new AdminUsage(parsed.error.issues.map(({ message }) => message).join('\n'));
  const makesKey = known === 'create-organisation' || known === 'create-key';
  const slugOfCommand = 'slug' in parsed.data ? parsed.data.slug : null;
  return { name: known, slug: slugOfCommand, makesKey, given: parsed.data } as AdminCommand;
}

interface Context {
  nowMs: number;
  newId(): string;
  key: { keyHash: string; prefix: string };
}

/** D1 runs the statements of a file as one transaction. One that names nothing there is fails instead of doing nothing. */
export function adminSql(command: AdminCommand, context: Context): string[] {
  if (command.name === 'revoke-signing-key') return [revokeSigningKeySql(command.given.kid, context.nowMs)];
  if (command.name === 'retire-signing-key') return [retireSigningKeySql(command.given.kid, context.nowMs)];
  const where = `slug = ${quoteSql(command.given.slug)}`;
  switch (command.name) {
    case 'create-organisation': {
      const { given } = command;
      const values = [context.newId(), given.slug, given.name].map(quoteSql).join(', ');
      return [
        `INSERT INTO organisations (id, slug, name, created_at_ms) VALUES (${values}, ${context.nowMs})`,
        insertKey(where, 'First key', context),
        ...(given.credits ? [grant(where, given.credits, 'opening-balance', context)] : []),
      ];
    }
    case 'create-key':
      return [insertKey(where, command.given.name, context)];
    case 'grant-credits':
      return [grant(where, command.given.credits, command.given.reference, context)];
    case 'suspend':
      return [update(where, `suspended_at_ms = ${context.nowMs}`)];
    case 'resume':
      return [update(where, 'suspended_at_ms = NULL')];
    case 'limit':
      return [update(where, `requests_per_minute = ${command.given['requests-per-minute']}`)];
    case 'metadata-schema': {
      const { schema: given } = command.given;
      return [update(where, `metadata_schema = ${given === null ? 'NULL' : quoteSql(JSON.stringify(given))}`)];
    }
  }
}

/** Ids are NOT NULL: with no such organisation the insert of a NULL fails, and with it the whole file. */
const mustExist = (where: string) => `(SELECT id FROM organisations WHERE ${where})`;

function update(where: string, assignment: string): string {
  return `INSERT INTO organisations (id, slug, name, created_at_ms) VALUES (${mustExist(where)}, '', '', 0) ON CONFLICT (id) DO UPDATE SET ${assignment}`;
}

function insertKey(where: string, keyName: string, { newId, nowMs, key }: Context): string {
  const values = [keyName, key.keyHash, key.prefix, '[]'].map(quoteSql).join(', ');
  return `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, created_at_ms) VALUES (${quoteSql(newId())}, ${mustExist(where)}, ${values}, ${nowMs})`;
}

function grant(where: string, amount: number, reference: string, { newId, nowMs }: Context): string {
  const balanceAfter = `(SELECT credit_balance + ${amount} FROM organisations WHERE ${where})`;
  return `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms) VALUES (${quoteSql(newId())}, ${mustExist(where)}, 'grant', ${amount}, ${balanceAfter}, ${quoteSql(reference)}, ${nowMs})`;
}

/** What the database's refusal means here, or `null` when it means something else. */
export function explainRefusal({ name, slug }: AdminCommand, error: unknown): Error | null {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('NOT NULL constraint failed')) {
    return new Error(slug === null ? 'There is no such key.' : `There is no organisation "${slug}".`);
  }
  if (!message.includes('UNIQUE constraint failed')) return null;
  return new Error(
    name === 'grant-credits' ? 'That reference was granted before; nothing was changed.' : `"${slug}" exists already.`,
  );
}
