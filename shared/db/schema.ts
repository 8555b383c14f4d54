import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type CheckResult, type Cue, INPUT_SOURCES, VERDICTS } from '../contract/checks.ts';
import { CREDIT_ENTRY_KINDS } from '../contract/credits.ts';
import type { Scope } from '../contract/scopes.ts';
import { SUBMISSION_STATUSES } from '../contract/videos.ts';

// Times are integers, milliseconds since 1970. Ids are UUIDs. Lists page by (organisation, time, id), newest first.

/** What is done with a recording, in this order. */
export const SUBMISSION_STAGES = ['fetching', 'opening', 'analysing', 'judging'] as const;

export const organisations = sqliteTable(
  'organisations',
  {
    id: text().primaryKey(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    suspendedAtMs: integer('suspended_at_ms'),
    /** Kept by a trigger from `credit_entries`, never written by code: the ledger and the balance cannot disagree. */
    creditBalance: integer('credit_balance').notNull().default(0),
    requestsPerMinute: integer('requests_per_minute'),
    requestsPerMinuteByOperation: text('requests_per_minute_by_operation', { mode: 'json' })
      .$type<Record<string, number>>()
      .notNull()
      .default({}),
    /** JSON schema that the metadata of this tenant's submissions must fit; null when anything goes. */
    metadataSchema: text('metadata_schema', { mode: 'json' }).$type<Record<string, unknown>>(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [check('organisations_balance_not_negative', sql`${table.creditBalance} >= 0`)],
);

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** SHA-256 of the key, hex. The key has 256 random bits, so a slow hash would add nothing but latency. */
    keyHash: text('key_hash').notNull().unique(),
    prefix: text().notNull(),
    scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
    requestsPerMinute: integer('requests_per_minute'),
    expiresAtMs: integer('expires_at_ms'),
    revokedAtMs: integer('revoked_at_ms'),
    lastUsedAtMs: integer('last_used_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('api_keys_page').on(table.organisationId, table.createdAtMs, table.id)],
);

export const allowedHosts = sqliteTable(
  'allowed_hosts',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    originPattern: text('origin_pattern').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('allowed_hosts_page').on(table.organisationId, table.createdAtMs, table.id),
    // Pattern first: a preflight asks for the origin of any organisation.
    uniqueIndex('allowed_hosts_origin').on(table.originPattern, table.organisationId),
  ],
);

export const creditEntries = sqliteTable(
  'credit_entries',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    kind: text({ enum: CREDIT_ENTRY_KINDS }).notNull(),
    amount: integer().notNull(),
    balanceAfter: integer('balance_after').notNull(),
    reference: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('credit_entries_page').on(table.organisationId, table.createdAtMs, table.id),
    uniqueIndex('credit_entries_reference').on(table.organisationId, table.reference),
    check('credit_entries_no_overdraft', sql`${table.balanceAfter} >= 0`),
  ],
);

export const usageEvents = sqliteTable(
  'usage_events',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    apiKeyId: text('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    operation: text().notNull(),
    sessionId: text('session_id').notNull(),
    model: text().notNull(),
    /** Null where nobody's life was in question: a face was searched for, not checked. */
    verdict: text({ enum: VERDICTS }),
    score: real(),
    credits: integer().notNull(),
    framesProcessed: integer('frames_processed').notNull(),
    processingMs: integer('processing_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('usage_events_page').on(table.organisationId, table.createdAtMs, table.id),
    index('usage_events_model_page').on(table.organisationId, table.model, table.createdAtMs, table.id),
    uniqueIndex('usage_events_check').on(table.organisationId, table.operation, table.sessionId),
    // Not for reads: without it, deleting a key would scan the table to clear the reference.
    index('usage_events_api_key').on(table.apiKeyId),
  ],
);

export const verifications = sqliteTable(
  'verifications',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    apiKeyId: text('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    operation: text().notNull(),
    /** In lower case. */
    sessionId: text('session_id').notNull(),
    state: text({ enum: ['running', 'done'] }).notNull(),
    /** Of the request that works on it; whoever claimed before and lost it is told apart by it. Null once done. */
    claimToken: text('claim_token'),
    leaseEndsAtMs: integer('lease_ends_at_ms'),
    /** What was checked: the same request again has the same one. Null while running, as is all that follows. */
    contentHash: text('content_hash'),
    model: text(),
    verdict: text({ enum: VERDICTS }),
    source: text({ enum: ['media', 'live'] }),
    inputSource: text('input_source', { enum: INPUT_SOURCES }),
    /** The answer as it was given, with diagnostics. */
    result: text({ mode: 'json' }).$type<StoredResult>(),
    warnings: text({ mode: 'json' }).$type<string[]>(),
    bgSegmentation: integer('bg_segmentation', { mode: 'boolean' }),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    /** When work on it began; null on verdicts from before it was kept. */
    startedAtMs: integer('started_at_ms'),
    /** How long it took for the person in front of the camera, as the client tells afterwards. */
    clientTimeMs: integer('client_time_ms'),
    /** When it was claimed, then when it was done. */
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    // Session first: a verdict is read by its session alone.
    uniqueIndex('verifications_session').on(table.organisationId, table.sessionId, table.operation),
    index('verifications_page').on(table.organisationId, table.createdAtMs, table.id),
    index('verifications_model_page').on(table.organisationId, table.model, table.createdAtMs, table.id),
    index('verifications_verdict_page').on(table.organisationId, table.verdict, table.createdAtMs, table.id),
    index('verifications_lease').on(table.leaseEndsAtMs),
    // Not for reads: without it, deleting a key would scan the table to clear the reference.
    index('verifications_api_key').on(table.apiKeyId),
    check(
      'verifications_done_is_whole',
      sql`(${table.state} = 'done') = (${table.result} IS NOT NULL AND ${table.contentHash} IS NOT NULL AND ${table.leaseEndsAtMs} IS NULL)`,
    ),
  ],
);

/** A verdict always has its diagnostics with it, whether asked for or not: they may be read later. */
export type StoredResult = Omit<CheckResult, 'diagnostics'> & {
  diagnostics: Cue[];
  /** Absent on verdicts from before they were kept. */
  visual_score?: number | null;
  physio_extracted?: boolean;
};

export const submissions = sqliteTable(
  'submissions',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    apiKeyId: text('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    model: text().notNull(),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    /** Where the recording lies, or will once it is fetched. Nothing lies there when the job has ended. */
    objectKey: text('object_key').notNull(),
    /** Fetched by the job. Forgotten when that has ended: such a URL is often a key to the recording. */
    videoUrl: text('video_url'),
    /** SHA-256 of the recording, hex; null of one that is fetched. */
    contentHash: text('content_hash'),
    status: text({ enum: SUBMISSION_STATUSES }).notNull(),
    /** How often the job was begun. Whoever began it later is in charge of what is told about it. */
    attempts: integer().notNull().default(0),
    stage: text({ enum: SUBMISSION_STAGES }),
    /** Of the stage, in its own unit: frames, or bytes. */
    stageDone: integer('stage_done'),
    stageTotal: integer('stage_total'),
    error: text(),
    createdAtMs: integer('created_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    /** The last sign of life, by which a job that nobody works on is found. */
    updatedAtMs: integer('updated_at_ms').notNull(),
    completedAtMs: integer('completed_at_ms'),
  },
  (table) => [
    // Holds only what waits or runs, which is what is counted and looked through.
    index('submissions_open')
      .on(table.organisationId, table.status, table.createdAtMs)
      .where(sql`${table.completedAtMs} IS NULL`),
    // Not for reads: without it, deleting a key would scan the table to clear the reference.
    index('submissions_api_key').on(table.apiKeyId),
    check(
      'submissions_end_is_whole',
      sql`(${table.status} IN ('completed', 'failed')) = (${table.completedAtMs} IS NOT NULL) AND (${table.status} = 'failed') = (${table.error} IS NOT NULL)`,
    ),
  ],
);

/** Of the gallery Worker's shards, which hold what the persons look like: here is only that they are there. */
export const faceCollections = sqliteTable(
  'face_collections',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** Persons are enrolled into the last one. Grows when that is full, and never shrinks. */
    shardCount: integer('shard_count').notNull().default(1),
    /** Enrolled ones; kept by triggers on `face_persons`. */
    personCount: integer('person_count').notNull().default(0),
    /** From then on it is not there for anybody; what it held is being erased. */
    deletedAtMs: integer('deleted_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('face_collections_page').on(table.organisationId, table.createdAtMs, table.id),
    index('face_collections_deleted').on(table.deletedAtMs).where(sql`${table.deletedAtMs} IS NOT NULL`),
  ],
);

export const PERSON_STATES = ['enrolling', 'enrolled', 'deleting'] as const;

/** Who a person is. Written before and after the shard is: what a crash leaves between the two is `enrolling` or `deleting`. */
export const facePersons = sqliteTable(
  'face_persons',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    collectionId: text('collection_id')
      .notNull()
      .references(() => faceCollections.id, { onDelete: 'cascade' }),
    shard: integer().notNull(),
    name: text().notNull(),
    state: text({ enum: PERSON_STATES }).notNull(),
    faceCount: integer('face_count').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [
    index('face_persons_page').on(table.organisationId, table.state, table.createdAtMs, table.id),
    index('face_persons_collection_page').on(table.collectionId, table.state, table.createdAtMs, table.id),
    index('face_persons_unsettled').on(table.updatedAtMs).where(sql`${table.state} <> 'enrolled'`),
  ],
);

export const idempotencyRecords = sqliteTable(
  'idempotency_records',
  {
    apiKeyId: text('api_key_id')
      .notNull()
      .references(() => apiKeys.id, { onDelete: 'cascade' }),
    operation: text().notNull(),
    /** SHA-256 of the client's `Idempotency-Key`. */
    keyHash: text('key_hash').notNull(),
    requestHash: text('request_hash').notNull(),
    /** Id of what the request creates. A retry after a crash creates under the same id, so never a second one. */
    resourceId: text('resource_id').notNull(),
    /** The first outcome, sealed with the caller's own credential; null while the first request runs. */
    sealedOutcome: text('sealed_outcome'),
    /** Of the claim that holds; whoever claimed before and lost it is told apart by it. */
    lockedUntilMs: integer('locked_until_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.apiKeyId, table.operation, table.keyHash] }),
    index('idempotency_records_expiry').on(table.expiresAtMs),
    index('idempotency_records_resource').on(table.resourceId),
  ],
);
