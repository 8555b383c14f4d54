import { isMatch, similarityOf } from '#models/user-similarity.ts';
import type { Database } from '#shared/db/database.ts';
import { listUserTemplates, type NewUserTemplate, type UserAddress } from '#shared/db/user-templates.ts';
import { cosine } from '#shared/lib/embedding.ts';
import { withinTime } from '#shared/lib/within-time.ts';
import type { FacesService } from '#shared/rpc/faces.ts';
import { type ReadPerson, readPerson } from './read-person.ts';
import { sealEmbedding, unsealEmbedding } from './user-seal.ts';

/** A person waits for it, in front of the camera. */
const FACES_TIMEOUT_MS = 15_000;

export interface ComparisonServices {
  database: Database;
  faces: Pick<FacesService, 'readFaces'>;
  /** Seals what is remembered of a face. */
  dataKey: string;
  nowMs(): number;
  newId(): string;
}

export interface ComparedSession extends UserAddress {
  sessionId: string;
  /** Of one recording, of which a verdict says that it is live. */
  crops: Uint8Array[];
}

export interface Comparison {
  /** `first`: nobody is known under this name. `inconsistent`: the crops show more than one person. */
  outcome: 'compared' | 'first' | 'unreadable' | 'inconsistent';
  /** null where there was nobody to compare with. */
  matchFound: boolean | null;
  /** null where nothing was compared. */
  similarityScore: number | null;
  /** To be stored with `rememberUserStatements` if the session goes well; null: nothing is. */
  remember: NewUserTemplate | null;
}

/**
 * Is this the person of that user's earlier sessions? Whatever cannot be told is no match. null while the face Worker cannot be asked:
 * that says nothing of the person, and may pass. Stores nothing itself.
 */
export async function compareWithEarlier(
  services: ComparisonServices,
  session: ComparedSession,
): Promise<Comparison | null> {
  const person = await readCrops(services, session.crops);
  if (person === null) return null;
  if (person.outcome !== 'read') return noMatch(person.outcome);
  const templates = await listUserTemplates(services.database, session);
  const newest = templates[0];
  if (newest === undefined) {
    const remember = await newTemplate(services, session, person.embedding, null);
    return { outcome: 'first', matchFound: null, similarityScore: null, remember };
  }
  const similarities: number[] = [];
  for (const template of templates) {
    const earlier = await unsealEmbedding(template, services.dataKey).catch(unopened);
    if (earlier !== null) similarities.push(similarityOf(cosine(person.embedding, earlier)));
  }
  // Somebody is known, and not what they look like: not the first, and not to be taken for them.
  if (similarities.length === 0) return noMatch('unreadable');
  const similarityScore = Math.max(...similarities);
  const matchFound = isMatch(similarityScore);
  // Who is no match may be anybody: remembered, they would match the next time.
  const remember = matchFound ? await newTemplate(services, session, person.embedding, newest.id) : null;
  return { outcome: 'compared', matchFound, similarityScore, remember };
}

/** null where the face Worker fails or is silent. */
async function readCrops({ faces }: ComparisonServices, crops: Uint8Array[]): Promise<ReadPerson | null> {
  const request = { pictures: crops, framing: 'crop', embedding: 'flipped', thumbnails: 'none' } as const;
  try {
    const read = await withinTime(() => faces.readFaces(request), FACES_TIMEOUT_MS);
    if (!read.ok) throw new Error(read.reason);
    return readPerson(read.outcomes);
  } catch (error) {
    logFailure('faces_unavailable', error);
    return null;
  }
}

function noMatch(outcome: Exclude<ReadPerson['outcome'], 'read'>): Comparison {
  return { outcome, matchFound: false, similarityScore: null, remember: null };
}

function unopened(error: unknown): null {
  logFailure('user_template_unopened', error);
  return null;
}

async function newTemplate(
  { dataKey, nowMs, newId }: ComparisonServices,
  { organisationId, userIdentifier, sessionId }: ComparedSession,
  embedding: Float32Array,
  basedOn: string | null,
): Promise<NewUserTemplate> {
  const place = { id: newId(), organisationId, userIdentifier };
  const sealed = await sealEmbedding(embedding, place, dataKey);
  return { ...place, sessionId, sealed, createdAtMs: nowMs(), basedOn };
}

/** Names no user: logs are kept by others. */
function logFailure(event: string, error: unknown): void {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  console.error(JSON.stringify({ level: 'error', event, reason }));
}
