import { env } from 'cloudflare:workers';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AttestationClaims, JwkSet } from '#shared/contract/attestations.ts';
import { openDatabase } from '#shared/db/database.ts';
import { listPublishedKeys } from '#shared/db/signing-keys.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { retireSigningKeySql, revokeSigningKeySql } from '../../../scripts/signing-key-sql.ts';
import { type AttestedSession, issueAttestation } from './issue-attestation.ts';
import { PUBLISHED_BEFORE_MS, SIGNING_MS } from './plan-signing-keys.ts';
import { publicKeys } from './public-keys.ts';
import { tendSigningKeys } from './tend-signing-keys.ts';

const START_MS = Date.UTC(2026, 5, 1, 12, 0, 0, 500);
const MINUTE_MS = 60_000;
const ISSUER = 'https://liveness.example.com';

const database = openDatabase(env.DB);
let timeMs = START_MS;
const services = { database, dataKey: 'a key', nowMs: () => timeMs, newId: () => crypto.randomUUID() };

const attested: Omit<AttestedSession, 'issuedAtMs'> = {
  verdict: 'live',
  confidence: 0.97,
  action: 'Transfer 2,400 euros to Ana Ruiz',
  sessionId: '3f1c9a52-7f0e-4a55-9d0b-0d3c3b8f2a11',
  issuer: ISSUER,
  subject: 'user-4711',
  audience: 'acme',
  riskLevel: 'high',
  model: 'mixed-30-v2',
  lifetimeSeconds: 600,
  facemeshComparison: { matchFound: true, similarityScore: 0.91 },
};
const issue = async (replaced: Partial<AttestedSession> = {}) =>
  (await issueAttestation(services, { ...attested, issuedAtMs: timeMs, ...replaced })).token;

/** As anybody does it who has the key set and nothing else of ours. */
async function verify(token: string, expected: { issuer?: string; audience?: string; atMs?: number } = {}) {
  const { issuer = ISSUER, audience = 'acme', atMs = timeMs } = expected;
  return await jwtVerify(token, createLocalJWKSet(await publicKeys(services)), {
    issuer,
    audience,
    algorithms: ['ES256'],
    currentDate: new Date(atMs),
  });
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';

beforeAll(seedDatabase);
beforeEach(async () => {
  timeMs = START_MS;
  await env.DB.prepare('DELETE FROM signing_keys').run();
});

describe('an attestation', () => {
  it('says what was attested, and is verified with the key set alone', async () => {
    const { token, id, expiresAtMs } = await issueAttestation(services, { ...attested, issuedAtMs: timeMs });
    const { payload, protectedHeader } = await verify(token);
    const issuedAt = Math.floor(START_MS / 1000);
    expect(payload).toEqual({
      iss: ISSUER,
      aud: 'acme',
      sub: 'user-4711',
      jti: id,
      iat: issuedAt,
      exp: issuedAt + 600,
      verdict: 'live',
      confidence: 0.97,
      action: 'Transfer 2,400 euros to Ana Ruiz',
      session_id: attested.sessionId,
      risk_level: 'high',
      model: 'mixed-30-v2',
      facemesh_comparison: { match_found: true, similarity_score: 0.91 },
    });
    expect(AttestationClaims.parse(payload)).toEqual(payload);
    expect(expiresAtMs).toBe((issuedAt + 600) * 1000);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: expect.stringMatching(/^[\w-]{43}$/), typ: 'JWT' });
  });

  it('is about the session where nobody was named, and says nothing of what was not compared', async () => {
    const { payload } = await verify(await issue({ subject: null, facemeshComparison: null }));
    expect(payload.sub).toBe(attested.sessionId);
    expect(payload).not.toHaveProperty('facemesh_comparison');
  });

  it('is another one each time', async () => {
    expect((await verify(await issue())).payload.jti).not.toBe((await verify(await issue())).payload.jti);
  });

  it.each([
    ['for another organisation', { audience: 'globex' }, 'aud'],
    ['of another issuer', { issuer: 'https://elsewhere.example.com' }, 'iss'],
    ['when it is over', { atMs: START_MS + 600_000 }, 'exp'],
  ])('is not good %s', async (_what, expected, claim) => {
    await expect(verify(await issue(), expected)).rejects.toMatchObject({ claim });
  });

  it.each([
    ['claims', 1],
    ['signature', 2],
    ['header', 0],
  ])('is not good with another %s', async (_part, place) => {
    const [one, other] = [await issue(), await issue({ action: 'Transfer everything', lifetimeSeconds: 3600 })];
    const parts = one.split('.');
    const changed = place === 0 ? btoa(JSON.stringify({ alg: 'none', kid: kidOf(one) })) : other.split('.')[place];
    await expect(verify(parts.with(place, changed ?? '').join('.'))).rejects.toThrow();
  });

  it('is not good when somebody else signed it under the name of our key', async () => {
    const kid = kidOf(await issue());
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('no pair');
    const forge = (name: string) =>
      new SignJWT({ verdict: 'live' })
        .setProtectedHeader({ alg: 'ES256', kid: name })
        .setIssuer(ISSUER)
        .setAudience('acme')
        .sign(pair.privateKey);
    await expect(verify(await forge(kid))).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    await expect(verify(await forge('unknown'))).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('is not made without a key that opens, nor when keys cannot be read', async () => {
    await issue();
    await expect(
      issueAttestation({ ...services, dataKey: 'another' }, { ...attested, issuedAtMs: timeMs }),
    ).rejects.toThrow(/cannot be opened/);
    const unread = { ...services, database: openDatabase(failingOn(/signing_keys/)) };
    await expect(issueAttestation(unread, { ...attested, issuedAtMs: timeMs })).rejects.toThrow();
  });
});

describe('the key set', () => {
  it('holds public parts only, from the first request on', async () => {
    const set = await publicKeys(services);
    expect(JwkSet.parse(set)).toEqual(set);
    expect(set.keys).toHaveLength(1);
    expect(Object.keys(set.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('comes out of a database in which no private part can be read', async () => {
    await issue();
    const { results } = await env.DB.prepare('SELECT * FROM signing_keys').all();
    expect(JSON.stringify(results)).not.toMatch(/"d\\?"/);
  });

  it('gets one key, however many isolates make one at once', async () => {
    const tended = await Promise.all(Array.from({ length: 8 }, () => tendSigningKeys(services)));
    expect(tended.filter(({ made }) => made !== null)).toHaveLength(1);
    expect((await publicKeys(services)).keys).toHaveLength(1);
    const tokens = await Promise.all(Array.from({ length: 4 }, () => issue()));
    expect(new Set(tokens.map(kidOf)).size).toBe(1);
  });
});

describe('rotation', () => {
  /** As the schedule does; nothing happens before the last two days. */
  async function passUntil(untilMs: number) {
    timeMs = Math.max(timeMs, START_MS + SIGNING_MS - 2 * PUBLISHED_BEFORE_MS);
    for (; timeMs < untilMs; timeMs += 20 * MINUTE_MS) await tendSigningKeys(services);
    timeMs = untilMs;
  }

  it('publishes the next key for a day before it signs, and keeps the old one published for ever', async () => {
    const before = await issue({ lifetimeSeconds: 3600 });
    await passUntil(START_MS + SIGNING_MS - PUBLISHED_BEFORE_MS);
    const published = (await publicKeys(services)).keys.map(({ kid }) => kid);
    expect(published).toHaveLength(2);
    expect(kidOf(await issue())).toBe(kidOf(before));
    await passUntil(START_MS + SIGNING_MS);
    await tendSigningKeys(services);
    const after = await issue();
    expect(kidOf(after)).toBe(published.find((kid) => kid !== kidOf(before)));
    await verify(after);
    // Kept since: as good as on its day.
    await verify(before, { atMs: START_MS });
    const old = (await listPublishedKeys(database)).find(({ kid }) => kid === kidOf(before));
    expect(old?.sealedPrivateJwk).toBeNull();
  });

  it('makes up for a schedule that never ran', async () => {
    await issue();
    timeMs = START_MS + 3 * SIGNING_MS;
    await verify(await issue());
    expect((await publicKeys(services)).keys).toHaveLength(2);
  });
});

/** As the operator's commands write it. */
const revoke = (kid: string, atMs = timeMs) => env.DB.prepare(revokeSigningKeySql(kid, atMs)).run();
const retire = (kid: string) => env.DB.prepare(retireSigningKeySql(kid, timeMs)).run();

describe('revocation', () => {
  it('takes back all that a key signed, and the next attestation has another one', async () => {
    const token = await issue();
    await revoke(kidOf(token));
    expect((await publicKeys(services)).keys.map(({ kid }) => kid)).not.toContain(kidOf(token));
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    const next = await issue();
    expect(kidOf(next)).not.toBe(kidOf(token));
    await verify(next);
  });

  it('says when there is no such key, and a second time changes nothing', async () => {
    const kid = kidOf(await issue());
    const revokedAt = async () =>
      (await env.DB.prepare('SELECT revoked_at_ms AS at FROM signing_keys WHERE kid = ?').bind(kid).first())?.at;
    await revoke(kid);
    await revoke(kid, timeMs + 1);
    expect(await revokedAt()).toBe(timeMs);
    await expect(revoke('unknown')).rejects.toThrow('NOT NULL');
  });

  it('is not needed for a key that is lost: it retires, and what it signed stays good', async () => {
    const token = await issue();
    await retire(kidOf(token));
    const next = await issueAttestation({ ...services, dataKey: 'another' }, { ...attested, issuedAtMs: timeMs });
    expect(kidOf(next.token)).not.toBe(kidOf(token));
    await verify(token);
    await verify(next.token);
    await expect(retire('unknown')).rejects.toThrow('NOT NULL');
  });
});
