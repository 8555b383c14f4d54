import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { presentSession } from '#shared/contract/present-session.ts';
import type { Session } from '#shared/contract/sessions.ts';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { sessionRow } from '../session/testing/session-row.ts';
import { createMcpServer, SERVER_VERSION } from './create-mcp-server.ts';
import { PortRefusal, type SessionPort } from './session-port.ts';

const ORGANISATION = { name: 'Acme', slug: 'acme' };
const session = (change: Partial<VerificationSessionRow> = {}): Session =>
  presentSession(sessionRow(change), { organisation: ORGANISATION, hasOnlyLink: false, nowMs: 0 });
const DONE = {
  state: 'completed',
  verdict: 'live',
  confidence: 0.9,
  attestation: 'a.b.c',
  attestationExpiresAtMs: 9_000,
  endedAtMs: 1,
  attempts: 1,
} as const;
const ACCESS = { token: 'vst_x', verification_url: 'https://api.example.com/verify/1#token=vst_x' };

/** The SDK's own client before the server, over sessions of the test's. */
async function connected(replaced: Partial<SessionPort> = {}) {
  const port: SessionPort = {
    create: async () => ({ ok: true, session: { ...session(), ...ACCESS, callback_secret: null } }),
    read: async () => session(),
    waitForChange: async (known) => known,
    findReusable: async () => null,
    ...replaced,
  };
  let timeMs = 0;
  const server = createMcpServer({ portFor: () => port, nowMs: () => (timeMs += 1000) });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(ours), client.connect(theirs)]);
  const call = async (name: string, args: Record<string, unknown>, onprogress?: (message?: string) => void) =>
    (await client.callTool({ name, arguments: args }, undefined, {
      ...(onprogress && { onprogress: ({ message }) => onprogress(message) }),
    })) as CallToolResult;
  return { client, call };
}

const textIn = ({ content }: CallToolResult) => content.map((part) => (part.type === 'text' ? part.text : '')).join();
const VERIFY = 'verify_human_presence';
const STATUS = 'check_verification_status';

describe('the tools', () => {
  it('are two, and say what goes in and comes out', async () => {
    const { client } = await connected();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([VERIFY, STATUS]);
    for (const { inputSchema, outputSchema, description } of tools) {
      expect([inputSchema.type, outputSchema?.type, description]).toEqual(['object', 'object', expect.any(String)]);
    }
  });

  it('give out the link at once, and say that it is no yes', async () => {
    const { call } = await connected();
    const result = await call(VERIFY, { action_description: 'Pay' });
    expect(result.structuredContent).toMatchObject({
      status: 'pending',
      human_verified: false,
      verification_url: ACCESS.verification_url,
      model: 'mixed-10-v2',
      model_version: 'latest',
      frame_count: 10,
      reused: false,
    });
    expect(textIn(result)).toMatch(/^NOT VERIFIED YET\. .*#token=vst_x/);
    expect(result._meta).toBeUndefined();
  });

  it('keep the secret of a callback from the model', async () => {
    const create = async () => ({
      ok: true as const,
      session: { ...session(), ...ACCESS, callback_secret: 'whsec_s' },
    });
    const { call } = await connected({ create });
    const result = await call(VERIFY, { action_description: 'Pay', callback_url: 'https://example.com/x' });
    expect(result._meta).toEqual({ callback_secret: 'whsec_s' });
    expect(JSON.stringify([result.content, result.structuredContent])).not.toContain('whsec_');
  });

  it.each([
    [{}, 'action_description'],
    [{ action_description: '' }, 'action_description'],
    [{ action_description: 'x', risk_level: 'low' }, 'risk_level'],
    [{ action_description: 'x', frame_count: 11 }, 'frame_count'],
    [{ action_description: 'x', reuse_within_seconds: 60 }, 'reuse_within_seconds needs user_identifier'],
  ])('refuse %j', async (args, message) => {
    const { call } = await connected();
    const result = await call(VERIFY, args);
    expect([result.isError, textIn(result)]).toEqual([true, expect.stringContaining(message)]);
  });

  it('use an attestation again only when asked to', async () => {
    const asked: unknown[] = [];
    const findReusable = async (wanted: unknown) => {
      asked.push(wanted);
      return session(DONE);
    };
    const { call } = await connected({ findReusable });
    const user = { action_description: 'Pay', user_identifier: 'user-1' };
    expect((await call(VERIFY, user)).structuredContent).toMatchObject({ reused: false });
    expect(asked).toEqual([]);
    const reused = await call(VERIFY, { ...user, reuse_within_seconds: 60 });
    expect(reused.structuredContent).toMatchObject({ reused: true, human_verified: true, verification_url: null });
    expect(asked).toEqual([
      { action_description: 'Pay', user_identifier: 'user-1', risk_level: 'standard', within_seconds: 60 },
    ]);
  });

  it('say what a session could not be made for', async () => {
    const { call } = await connected({ create: async () => ({ ok: false, message: 'callback_url must be public' }) });
    const result = await call(VERIFY, { action_description: 'Pay' });
    expect([result.isError, textIn(result)]).toEqual([true, 'NOT VERIFIED. callback_url must be public']);
  });
});

describe('the status', () => {
  it.each<[string, Partial<VerificationSessionRow>]>([
    ['pending', {}],
    ['in_progress', { state: 'in_progress', verdict: 'fake', confidence: 0.1, attempts: 1 }],
    ['failed', { state: 'failed', verdict: 'fake', failureReason: 'not_live', endedAtMs: 1 }],
    ['expired', { state: 'expired', endedAtMs: 1 }],
    ['cancelled', { state: 'cancelled', endedAtMs: 1 }],
    ['completed by somebody else', { ...DONE, matchFound: false, similarityScore: 0.1 }],
    ['completed without a proof', { ...DONE, attestation: null }],
    // A live verdict alone is no yes.
    ['failed though live', { ...DONE, state: 'failed', failureReason: 'user_mismatch', attestation: null }],
  ])('%s is no yes', async (_what, change) => {
    const { call } = await connected({ read: async () => session(change) });
    const result = await call(STATUS, { session_id: session().session_id });
    expect(result.structuredContent).toMatchObject({ human_verified: false });
    expect(textIn(result)).toMatch(/^NOT VERIFIED/);
  });

  it.each<Partial<VerificationSessionRow>>([DONE, { ...DONE, matchFound: true, similarityScore: 0.9 }])(
    'completed by a live person is one',
    async (change) => {
      const { call } = await connected({ read: async () => session(change) });
      const result = await call(STATUS, { session_id: session().session_id });
      expect(result.structuredContent).toMatchObject({ human_verified: true, attestation: 'a.b.c' });
      expect(textIn(result)).toMatch(/^VERIFIED\. /);
    },
  );

  it('waits for a change, and tells how it stands meanwhile', async () => {
    const waits = [session(), session({ state: 'in_progress' })];
    const { call } = await connected({ waitForChange: async () => waits.shift() ?? null });
    const told: (string | undefined)[] = [];
    const result = await call(STATUS, { session_id: session().session_id, wait_seconds: 50 }, (text) =>
      told.push(text),
    );
    expect(result.structuredContent).toMatchObject({ status: 'in_progress' });
    expect(told).toEqual(['pending, 0 of 3 attempts used', 'pending, 0 of 3 attempts used']);
  });

  it('waits no longer than it was asked to', async () => {
    let waits = 0;
    const waitForChange = async (known: Session) => {
      waits += 1;
      return known;
    };
    const { call } = await connected({ waitForChange });
    const id = { session_id: session().session_id };
    expect((await call(STATUS, { ...id, wait_seconds: 3 })).structuredContent).toMatchObject({ status: 'pending' });
    expect(waits).toBeLessThanOrEqual(3);
    await call(STATUS, id);
    expect(waits).toBeLessThanOrEqual(3);
  });

  it('of an unknown session is an error, and no yes', async () => {
    const { call } = await connected({ read: async () => null });
    const result = await call(STATUS, { session_id: session().session_id });
    expect([result.isError, textIn(result)]).toEqual([true, expect.stringMatching(/^NOT VERIFIED/)]);
  });
});

describe('a failure', () => {
  const failing = (error: unknown) => async () => {
    throw error;
  };
  const logged = vi.spyOn(console, 'error');
  beforeEach(() => void logged.mockReset());
  afterAll(() => logged.mockRestore());
  const secret = new Error('Failed query: select * from sessions; params: user-4711, vst_secret');

  it.each([
    [STATUS, { session_id: session().session_id }, { read: failing(secret) }],
    [STATUS, { session_id: session().session_id, wait_seconds: 5 }, { waitForChange: failing(secret) }],
    [VERIFY, { action_description: 'x' }, { create: failing(secret) }],
    [
      VERIFY,
      { action_description: 'x', user_identifier: 'u', reuse_within_seconds: 9 },
      { findReusable: failing(secret) },
    ],
  ])('of the service is a no, and gives nothing away: %s %j', async (name, args, replaced) => {
    const { call } = await connected(replaced);
    const result = await call(name, args);
    expect([result.isError, result.structuredContent]).toEqual([true, undefined]);
    expect(textIn(result)).toMatch(/^NOT VERIFIED\. The service did not answer as it should\./);
    // For whoever runs the service there is a reason, without what was to be stored.
    expect(logged.mock.calls).toEqual([
      [expect.stringContaining('"reason":"Error: Failed query: select * from sessions;"')],
    ]);
  });

  it.each(['Rate limit exceeded.', 'Your account is suspended.'])('that helps is said: %s', async (message) => {
    const { call } = await connected({ read: failing(new PortRefusal(message)) });
    const result = await call(STATUS, { session_id: session().session_id });
    expect([result.isError, textIn(result)]).toEqual([true, `NOT VERIFIED. ${message}`]);
  });
});

it('is of the version that the package says', () => {
  expect(SERVER_VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});
