import { type ApiError, validationError } from '#shared/contract/errors.ts';
import type { ModelChoice, SessionDoor, SessionRequest } from '#shared/rpc/frame-session.ts';
import type { StatedWithFrames } from '#shared/verdicts/give-verdict.ts';
import { MOST_WARNINGS } from './session-limits.ts';

/** What holds for all frames of a session, beside the frames. */
export interface SessionFacts {
  door: SessionDoor;
  choice: ModelChoice;
  stated: StatedWithFrames;
  openedAtMs: number;
}

/** A session keeps to one way in and one model; whoever asks for another has mixed up two checks. */
export function disagreementWith(
  { door, choice }: SessionFacts,
  asked: Pick<SessionRequest, 'door' | 'choice'>,
): ApiError | null {
  if (door !== asked.door) {
    const way = door === 'stream' ? 'fast-check-stream' : 'upload';
    return { code: 'session_conflict', message: `This session_id is in use with ${way}. Use a new session_id.` };
  }
  const field = changedField(choice, asked.choice);
  return field === null ? null : validationError(field, `${field} must stay the same within a session`);
}

function changedField(known: ModelChoice, asked: ModelChoice): string | null {
  if (known.version !== asked.version) return 'X-Model-Version';
  const bothCount = known.frameCount !== null && asked.frameCount !== null;
  if (bothCount && known.frameCount !== asked.frameCount) return 'frame_count';
  return known.modelId === asked.modelId ? null : 'model';
}

/** The first to say something is believed; warnings of all frames are gathered. The same object when nothing is new. */
export function withStated(known: StatedWithFrames, more: StatedWithFrames): StatedWithFrames {
  const knownWarnings = known.warnings ?? [];
  const warnings = [...new Set([...knownWarnings, ...(more.warnings ?? [])])].slice(0, MOST_WARNINGS);
  const merged = {
    source: known.source,
    fps: known.fps ?? more.fps,
    warnings: warnings.length === 0 ? null : warnings,
    bgSegmentation: known.bgSegmentation ?? more.bgSegmentation,
    metadata: known.metadata ?? more.metadata,
  };
  const isNew =
    warnings.length > knownWarnings.length ||
    merged.fps !== known.fps ||
    merged.bgSegmentation !== known.bgSegmentation ||
    merged.metadata !== known.metadata;
  return isNew ? merged : known;
}
