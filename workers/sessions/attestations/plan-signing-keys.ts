import type { SigningKeyRow, UsableSigningKey } from '#shared/db/signing-keys.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long a key is published before it signs: whoever keeps the key set for a day knows it in time. */
export const PUBLISHED_BEFORE_MS = DAY_MS;
/** How long it signs. */
export const SIGNING_MS = 30 * DAY_MS;
/** The next one is made so much earlier than it must be, lest a late run leave a gap. */
const EARLY_MS = HOUR_MS;

export interface PlannedKey {
  activeFromMs: number;
  retiresAtMs: number;
  /** Only to be made where no other key lasts beyond it. */
  horizonMs: number;
}

/** The key that is to be made now, if any. The very first one signs at once: nobody can have kept a key set without one. */
export function plannedKey(keys: readonly SigningKeyRow[], nowMs: number): PlannedKey | null {
  const horizonMs = nowMs + PUBLISHED_BEFORE_MS + EARLY_MS;
  const lastsUntilMs = Math.max(Number.NEGATIVE_INFINITY, ...usableKeys(keys, nowMs).map((key) => key.retiresAtMs));
  if (lastsUntilMs > horizonMs) return null;
  const activeFromMs = lastsUntilMs > nowMs ? Math.max(lastsUntilMs, nowMs + PUBLISHED_BEFORE_MS) : nowMs;
  return { activeFromMs, retiresAtMs: activeFromMs + SIGNING_MS, horizonMs };
}

/**
 * What to sign with: of the keys whose time has come, the newest. Where there is none, as after a revocation, the one that comes
 * next signs early; it has been published for as long as can be.
 */
export function signingKeyAt(keys: readonly SigningKeyRow[], nowMs: number): UsableSigningKey | null {
  const usable = usableKeys(keys, nowMs).sort((a, b) => a.activeFromMs - b.activeFromMs);
  return usable.findLast((key) => key.activeFromMs <= nowMs) ?? usable[0] ?? null;
}

function usableKeys(keys: readonly SigningKeyRow[], nowMs: number): UsableSigningKey[] {
  return keys.flatMap((key) => {
    const { sealedPrivateJwk, revokedAtMs, retiresAtMs } = key;
    return sealedPrivateJwk !== null && revokedAtMs === null && retiresAtMs > nowMs
      ? [{ ...key, sealedPrivateJwk }]
      : [];
  });
}
