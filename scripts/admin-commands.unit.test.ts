import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdminUsage, adminSql, explainRefusal, readCommand } from './admin-commands.ts';

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('PRAGMA foreign_keys = ON');
  for (const file of readdirSync('migrations')
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    database.exec(readFileSync(`migrations/${file}`, 'utf8'));
  }
});

/** As D1 runs a file: one transaction. */
function run(name: string, values: object, nowMs = 1000): void {
  const key = { keyHash: crypto.randomUUID(), prefix: 'sk-abc' };
  const statements = adminSql(readCommand(name, values), { nowMs, newId: () => crypto.randomUUID(), key });
  database.exec('BEGIN');
  try {
    database.exec(statements.join(';\n'));
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function refusalOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

const KID = 'k'.repeat(43);
const organisation = (slug = 'acme') => database.prepare('SELECT * FROM organisations WHERE slug = ?').get(slug);
const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;

describe('the admin commands', () => {
  it('make an organisation with a key and credits', () => {
    run('create-organisation', { slug: 'acme', name: "Acme's", credits: '1000' });
    expect(organisation()).toMatchObject({ name: "Acme's", credit_balance: 1000, suspended_at_ms: null });
    expect(database.prepare('SELECT scopes FROM api_keys').get()).toMatchObject({ scopes: '[]' });
    expect(() => run('create-organisation', { slug: 'acme', name: 'Again' })).toThrow('UNIQUE');
    expect(count('api_keys')).toBe(1);
  });

  it('grant credits once per reference', () => {
    run('create-organisation', { slug: 'acme', name: 'Acme' });
    run('grant-credits', { slug: 'acme', credits: '5', reference: 'invoice-1' });
    expect(() => run('grant-credits', { slug: 'acme', credits: '5', reference: 'invoice-1' })).toThrow('UNIQUE');
    run('grant-credits', { slug: 'acme', credits: '7', reference: 'invoice-2' });
    expect(organisation()).toMatchObject({ credit_balance: 12 });
  });

  it('set what metadata must look like, and take it back', () => {
    run('create-organisation', { slug: 'acme', name: 'Acme' });
    const schema = '{"type":"object","required":["channel"],"properties":{"channel":{"const":"it\'s"}}}';
    run('metadata-schema', { slug: 'acme', schema });
    expect(JSON.parse(`${organisation()?.metadata_schema}`)).toEqual(JSON.parse(schema));
    run('metadata-schema', { slug: 'acme', schema: 'none' });
    expect(organisation()?.metadata_schema).toBeNull();
  });

  it.each([
    '[]',
    'channel',
    '{"$ref":"https://example.com/schema"}',
    '{"$schema":"http://json-schema.org/draft-03/schema#"}',
  ])('take no schema that could not be used: %s', (schema) => {
    run('create-organisation', { slug: 'acme', name: 'Acme' });
    expect(() => run('metadata-schema', { slug: 'acme', schema })).toThrow(AdminUsage);
  });

  it('suspend, resume and limit', () => {
    run('create-organisation', { slug: 'acme', name: 'Acme' });
    run('create-organisation', { slug: 'globex', name: 'Globex' });
    run('suspend', { slug: 'acme' });
    expect(organisation()).toMatchObject({ suspended_at_ms: 1000, name: 'Acme' });
    run('resume', { slug: 'acme' });
    run('limit', { slug: 'acme', 'requests-per-minute': '600' });
    expect(organisation()).toMatchObject({ suspended_at_ms: null, requests_per_minute: 600 });
    expect(organisation('globex')).toMatchObject({ suspended_at_ms: null, requests_per_minute: null });
    run('create-key', { slug: 'acme', name: 'Second' });
    expect(count('api_keys')).toBe(3);
  });

  it.each([
    ['suspend', {}],
    ['create-key', { name: 'x' }],
    ['grant-credits', { credits: '5', reference: 'x' }],
    ['limit', { 'requests-per-minute': '5' }],
  ])('%s fails for an organisation that does not exist', (name, values) => {
    expect(() => run(name, { slug: 'nobody', ...values })).toThrow('NOT NULL');
    expect(count('organisations')).toBe(0);
  });

  it.each([
    ['suspend', { slug: 'nobody' }, 'There is no organisation "nobody".'],
    ['revoke-signing-key', { kid: KID }, 'There is no such key.'],
    ['retire-signing-key', { kid: KID }, 'There is no such key.'],
  ])('%s says what there is not', (name, values, said) => {
    const refusal = refusalOf(() => run(name, values));
    expect(explainRefusal(readCommand(name, values), refusal)?.message).toBe(said);
  });

  it.each([
    [undefined, {}, 'Which command?'],
    ['toString', {}, 'There is no command "toString"'],
    ['suspend', {}, '--slug is required'],
    ['revoke-signing-key', {}, '--kid is required'],
    ['retire-signing-key', { kid: 'short' }, '--kid: as the key set names it'],
    ['suspend', { slug: "a'; DROP TABLE" }, '--slug: lower-case'],
    ['grant-credits', { slug: 'acme', reference: 'x' }, '--credits is required'],
    ['grant-credits', { slug: 'acme', credits: '-1', reference: 'x' }, 'at least 1'],
    ['grant-credits', { slug: 'acme', credits: '1' }, '--reference is required'],
  ])('%s with %o is refused', (name, values, message) => {
    expect(() => readCommand(name, values)).toThrow(AdminUsage);
    expect(() => readCommand(name, values)).toThrow(message);
  });
});

describe('a signing key', () => {
  const signingKey = () => database.prepare('SELECT * FROM signing_keys').get();

  beforeEach(() => {
    const insert =
      'INSERT INTO signing_keys (kid, public_jwk, sealed_private_jwk, created_at_ms, active_from_ms, retires_at_ms)';
    database.prepare(`${insert} VALUES (?, '{"kty":"EC"}', 'sealed', 1, 1, 9000)`).run(KID);
  });

  it('is revoked, and stays revoked since the first time', () => {
    run('revoke-signing-key', { kid: KID });
    run('revoke-signing-key', { kid: KID }, 2000);
    const revoked = { kid: KID, public_jwk: '{"kty":"EC"}', sealed_private_jwk: null, retires_at_ms: 9000 };
    expect(signingKey()).toMatchObject({ ...revoked, revoked_at_ms: 1000 });
  });

  it('is retired, and stays published', () => {
    run('retire-signing-key', { kid: KID });
    run('retire-signing-key', { kid: KID }, 2000);
    const retired = { kid: KID, public_jwk: '{"kty":"EC"}', sealed_private_jwk: null, retires_at_ms: 1000 };
    expect(signingKey()).toMatchObject({ ...retired, revoked_at_ms: null });
  });

  it.each(['revoke-signing-key', 'retire-signing-key'])('that there is not is not made by %s', (name) => {
    expect(() => run(name, { kid: 'x'.repeat(43) })).toThrow('NOT NULL');
    expect(count('signing_keys')).toBe(1);
    expect(signingKey()).toMatchObject({ sealed_private_jwk: 'sealed', revoked_at_ms: null, retires_at_ms: 9000 });
  });

  it('belongs to no organisation', () => {
    expect(readCommand('revoke-signing-key', { kid: KID })).toMatchObject({ slug: null, makesKey: false });
  });
});
