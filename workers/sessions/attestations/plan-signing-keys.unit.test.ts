import { describe, expect, it } from 'vitest';
import type { SigningKeyRow } from '#shared/db/signing-keys.ts';
import { PUBLISHED_BEFORE_MS, plannedKey, SIGNING_MS, signingKeyAt } from './plan-signing-keys.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function key(kid: string, activeFromMs: number, replaced: Partial<SigningKeyRow> = {}): SigningKeyRow {
  return {
    kid,
    publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
    sealedPrivateJwk: 'sealed',
    createdAtMs: activeFromMs - PUBLISHED_BEFORE_MS,
    activeFromMs,
    retiresAtMs: activeFromMs + SIGNING_MS,
    revokedAtMs: null,
    ...replaced,
  };
}

const over = { sealedPrivateJwk: null };
const revoked = { ...over, revokedAtMs: NOW_MS - 1 };

describe('which key is made', () => {
  it.each([
    ['the very first', []],
    ['after all are over', [key('old', NOW_MS - 40 * DAY_MS, over)]],
    ['after one is over that still has its private part', [key('old', NOW_MS - SIGNING_MS)]],
    ['after the only one was revoked', [key('leaked', NOW_MS - DAY_MS, revoked)]],
  ])('%s signs at once', (_when, keys) => {
    const planned = plannedKey(keys, NOW_MS);
    expect(planned).toMatchObject({ activeFromMs: NOW_MS, retiresAtMs: NOW_MS + SIGNING_MS });
  });

  it('none while the last one lasts for more than a day and an hour', () => {
    const current = key('current', NOW_MS);
    expect(plannedKey([current], NOW_MS)).toBeNull();
    const lateMs = current.retiresAtMs - PUBLISHED_BEFORE_MS - 60 * MINUTE_MS;
    expect(plannedKey([current], lateMs - 1)).toBeNull();
    expect(plannedKey([current], lateMs)).toMatchObject({ activeFromMs: current.retiresAtMs });
  });

  it('the next one is published for a day before it signs, and leaves no gap when a run is late', () => {
    const current = key('current', NOW_MS);
    for (const lateByMs of [0, 5 * MINUTE_MS, 59 * MINUTE_MS]) {
      const atMs = current.retiresAtMs - PUBLISHED_BEFORE_MS - 60 * MINUTE_MS + lateByMs;
      const planned = plannedKey([current], atMs);
      expect(planned?.activeFromMs).toBe(current.retiresAtMs);
      expect(current.retiresAtMs - atMs).toBeGreaterThanOrEqual(PUBLISHED_BEFORE_MS);
    }
  });

  it('after hours without a run the day is kept, and the key signs only then', () => {
    const current = key('current', NOW_MS);
    const atMs = current.retiresAtMs - 60 * MINUTE_MS;
    expect(plannedKey([current], atMs)?.activeFromMs).toBe(atMs + PUBLISHED_BEFORE_MS);
  });

  it('none while the next one waits', () => {
    const current = key('current', NOW_MS - SIGNING_MS + MINUTE_MS);
    expect(plannedKey([current, key('next', current.retiresAtMs)], NOW_MS)).toBeNull();
    expect(plannedKey([current, key('next', current.retiresAtMs, revoked)], NOW_MS)).not.toBeNull();
  });
});

describe('what signs', () => {
  const current = key('current', NOW_MS - 29 * DAY_MS);
  const next = key('next', NOW_MS + DAY_MS);

  it.each([
    ['the one whose time it is', [current, next], NOW_MS, 'current'],
    ['the next one from its time on', [current, next], NOW_MS + DAY_MS, 'next'],
    ['the newest of two', [key('newer', NOW_MS - 1), current], NOW_MS, 'newer'],
    ['the next one early, where the other is revoked', [{ ...current, ...revoked }, next], NOW_MS, 'next'],
    ['none that is over', [key('old', NOW_MS - SIGNING_MS)], NOW_MS, undefined],
    ['none without its private part', [{ ...current, ...over }], NOW_MS, undefined],
    ['none of none', [], NOW_MS, undefined],
  ])('is %s', (_which, keys, atMs, kid) => {
    expect(signingKeyAt(keys, atMs)?.kid).toBe(kid);
  });
});
