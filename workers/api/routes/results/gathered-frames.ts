import type { StreamProgressReader } from '../../results/follow-check.ts';
import type { Services } from '../../services.ts';

/** The frames that a stream or an upload has gathered so far. */
export function gatheredFrames({ frameSessions }: Services): StreamProgressReader {
  return { progressOf: (organisationId, sessionId) => frameSessions.of(organisationId, sessionId).progress() };
}
