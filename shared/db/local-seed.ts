import { sha256Hex } from '../lib/hash.ts';
import { quoteSql } from './quote-sql.ts';

// The organisations of local development. Their keys are public knowledge, so they are written by the development command
// only, never by a migration, and the gateway refuses them outside development even where a database holds them.

interface SeedOrganisation {
  slug: string;
  name: string;
  credits: number;
  suspended?: boolean;
  metadataSchema?: Record<string, unknown>;
}

interface SeedKey {
  key: string;
  organisation: string;
  name: string;
  scopes?: string[];
  requestsPerMinute?: number;
}

export const LOCAL_ORGANISATIONS: readonly SeedOrganisation[] = [
  { slug: 'acme', name: 'Acme', credits: 1_000_000 },
  {
    slug: 'globex',
    name: 'Globex',
    credits: 1_000,
    metadataSchema: {
      type: 'object',
      properties: { channel: { type: 'string', minLength: 1 } },
      required: ['channel'],
    },
  },
  { slug: 'broke', name: 'Broke', credits: 0 },
  { slug: 'suspended', name: 'Suspended', credits: 1_000, suspended: true },
];

export const LOCAL_KEYS: readonly SeedKey[] = [
  { key: 'sk-local-acme', organisation: 'acme', name: 'Everything', requestsPerMinute: 100_000 },
  { key: 'sk-local-slow', organisation: 'acme', name: 'Five requests a minute', requestsPerMinute: 5 },
  { key: 'sk-local-acme-read', organisation: 'acme', name: 'Reads results only', scopes: ['detection:read'] },
  { key: 'sk-local-globex', organisation: 'globex', name: 'Everything' },
  { key: 'sk-local-broke', organisation: 'broke', name: 'Everything' },
  { key: 'sk-local-suspended', organisation: 'suspended', name: 'Everything' },
];

const SEEDED_AT_MS = Date.UTC(2026, 0, 1);

/** SQL that can be run any number of times: what is there stays as it is. */
export async function localSeedStatements(): Promise<string[]> {
  const statements = LOCAL_ORGANISATIONS.flatMap((organisation, index) => organisationSql(organisation, index));
  for (const [index, key] of LOCAL_KEYS.entries()) statements.push(await keySql(key, index));
  return statements;
}

function organisationSql(organisation: SeedOrganisation, index: number): string[] {
  const id = organisationId(index);
  const { slug, name, credits, suspended, metadataSchema } = organisation;
  const schema = metadataSchema ? quoteSql(JSON.stringify(metadataSchema)) : 'NULL';
  const statements = [
    `INSERT INTO organisations (id, slug, name, suspended_at_ms, metadata_schema, created_at_ms) VALUES (${quoteSql(id)}, ${quoteSql(slug)}, ${quoteSql(name)}, ${suspended ? SEEDED_AT_MS : 'NULL'}, ${schema}, ${SEEDED_AT_MS}) ON CONFLICT DO NOTHING`,
  ];
  if (credits > 0) {
    statements.push(
      `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms) SELECT ${quoteSql(seedId('c', index))}, id, 'grant', ${credits}, credit_balance + ${credits}, 'local-seed', ${SEEDED_AT_MS} FROM organisations WHERE id = ${quoteSql(id)} AND NOT EXISTS (SELECT 1 FROM credit_entries WHERE organisation_id = ${quoteSql(id)} AND reference = 'local-seed')`,
    );
  }
  return statements;
}

async function keySql(seed: SeedKey, index: number): Promise<string> {
  const owner = LOCAL_ORGANISATIONS.findIndex(({ slug }) => slug === seed.organisation);
  const values = [
    quoteSql(seedId('b', index)),
    quoteSql(organisationId(owner)),
    quoteSql(seed.name),
    quoteSql(await sha256Hex(seed.key)),
    quoteSql(seed.key.slice(0, 12)),
    quoteSql(JSON.stringify(seed.scopes ?? [])),
    seed.requestsPerMinute ?? 'NULL',
    SEEDED_AT_MS,
  ];
  return `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, requests_per_minute, created_at_ms) VALUES (${values.join(', ')}) ON CONFLICT DO NOTHING`;
}

function organisationId(index: number): string {
  return seedId('a', index);
}

/** Valid UUIDs that show at a glance that they are seeded. */
function seedId(kind: 'a' | 'b' | 'c', index: number): string {
  return `${kind}0000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
}
