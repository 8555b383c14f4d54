/** A call that waited so long for its turn that nobody waits for it: done all the same, it would make the next ones late. */
export function tooLate(deadlineAtMs = Number.POSITIVE_INFINITY): { ok: false; reason: string } | null {
  return Date.now() > deadlineAtMs ? { ok: false, reason: 'the call came to its turn too late' } : null;
}
