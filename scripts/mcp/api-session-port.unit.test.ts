import { expect, it } from 'vitest';
import { presentSession } from '../../shared/contract/present-session.ts';
import { sessionRow } from '../../workers/sessions/session/testing/session-row.ts';
import { mayServeAgain } from './api-session-port.ts';

const NOW_MS = 100_000;
const wanted = {
  user_identifier: 'user-1',
  risk_level: 'standard',
  within_seconds: 60,
  action_description: 'x',
} as const;
const row = {
  state: 'completed',
  userIdentifier: 'user-1',
  endedAtMs: 90_000,
  attestationExpiresAtMs: 110_000,
} as const;
const shown = (change: Parameters<typeof sessionRow>[0]) =>
  presentSession(sessionRow({ ...row, ...change }), {
    organisation: { name: 'Acme', slug: 'acme' },
    hasOnlyLink: false,
    nowMs: NOW_MS,
  });

it('serves again: the same user and risk, recent, valid, and not found to be somebody else', () => {
  expect(mayServeAgain(shown({}), wanted, NOW_MS)).toBe(true);
  expect(mayServeAgain(shown({ matchFound: true, similarityScore: 0.9 }), wanted, NOW_MS)).toBe(true);
});

it.each([
  { userIdentifier: 'user-2' },
  { userIdentifier: null },
  { riskLevel: 'high' },
  { endedAtMs: 39_000 },
  { endedAtMs: null },
  { attestationExpiresAtMs: NOW_MS },
  { attestationExpiresAtMs: null },
  { matchFound: false, similarityScore: 0.2 },
] as const)('does not: %j', (change) => {
  expect(mayServeAgain(shown(change), wanted, NOW_MS)).toBe(false);
});
