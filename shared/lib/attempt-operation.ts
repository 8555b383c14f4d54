/**
 * Under which operation the n-th check of a verification session is stored and charged. One of its own, so that no check of an API key
 * can take the place of what the person with the link does, whatever `session_id` it names.
 */
export function attemptOperation(attempt: number): string {
  return `sessionAttempt:${attempt}`;
}
