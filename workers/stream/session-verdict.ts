import type { RegisteredModel } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { readBalance } from '#shared/db/credits.ts';
import { findVerification, type StoredResult, type VerificationScope } from '#shared/db/verifications.ts';
import { OPERATION_OF_DOOR, type SessionRequest } from '#shared/rpc/frame-session.ts';
import { contentHash } from '#shared/verdicts/content-hash.ts';
import { giveVerdict, insufficientCredits, type VerdictServices } from '#shared/verdicts/give-verdict.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import type { SessionFacts } from './session-facts.ts';

/** The verdict that the session has already. Without one, it must be possible to pay for it. */
export async function lookUpVerdict(
  { database }: VerdictServices,
  request: SessionRequest,
): Promise<StoredResult | null> {
  const [row, balance] = await Promise.all([
    findVerification(database, scopeOf(request)),
    readBalance(database, request.organisationId),
  ]);
  if (row?.result) return row.result;
  const { creditsPerCheck } = modelOf(request);
  if (balance < creditsPerCheck) throw insufficientCredits(creditsPerCheck, balance);
  return null;
}

/** Judges, charges and stores; or finds what an earlier life of the session came to. */
export async function decideSession(
  services: VerdictServices,
  { facts, buffer, request }: { facts: SessionFacts; buffer: FrameBuffer; request: SessionRequest },
): Promise<StoredResult> {
  const { stated, openedAtMs } = facts;
  const model = modelOf(facts);
  const scope = scopeOf(request);
  const { frames, evidence, motions, busyMs } = buffer.recording();
  const content = { model: model.id, source: stated.source, fps: stated.fps, frames };
  const given = await giveVerdict(services, {
    scope,
    apiKeyId: request.apiKeyId,
    model,
    inputSource: 'rest_frames',
    stated,
    evidence,
    motions,
    busyMs,
    contentHash: await contentHash(content),
    claim: { id: services.newId(), startedAtMs: openedAtMs },
  });
  const result = given ?? (await lookUpVerdict(services, request));
  if (result === null) throw new Error('the session was decided, and nobody knows how');
  return result;
}

export function modelOf({ choice }: Pick<SessionFacts, 'choice'>): RegisteredModel {
  const resolved = resolveModel({ model: choice.modelId });
  if (!resolved.ok) throw new Error(`no model ${choice.modelId}`);
  return resolved.model;
}

function scopeOf({ organisationId, sessionId, door }: SessionRequest): VerificationScope {
  return { organisationId, sessionId, operation: OPERATION_OF_DOOR[door] };
}
