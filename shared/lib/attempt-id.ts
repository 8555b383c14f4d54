import { sha256Hex } from './hash.ts';

/** Under which the n-th check of a session is stored: the first under the session's own id, the others under one that follows from it. */
export async function attemptId(sessionId: string, attempt: number): Promise<string> {
  if (attempt === 1) return sessionId;
  const hex = await sha256Hex(`${sessionId} attempt ${attempt}`);
  // Version 8, RFC 9562: made by a rule of one's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
