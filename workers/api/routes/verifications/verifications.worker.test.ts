import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Verification, VerificationSummary } from '#shared/contract/checks.ts';
import type { Page } from '#shared/contract/pagination.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { ACME, checkBody, crops, gate, PATHS, postCheck, until } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';

const GLOBEX = 'sk-local-globex';
const READER = 'sk-local-acme-read';

beforeAll(seedDatabase);

const read = (sessionId: string, key = READER) => callData<Verification>(`/api/v1/verifications/${sessionId}`, { key });

describe('a verdict', () => {
  it('can be read by its session, with everything that was stored', async () => {
    const metadata = { note: 'ü', nested: { a: [1, null] } };
    const body = checkBody({ source: 'live', bg_segmentation: true, metadata, warnings: ['dark'] });
    const { body: answer } = await postCheck(body);
    const expected = { operation: 'fastCheck', source: 'live', bg_segmentation: true, metadata, client_time: null };
    expect(await read(body.session_id)).toEqual({
      ...(answer.data as object),
      ...expected,
      diagnostics: [{ cue: 'texture', value: 0.95, speaks_for: 'live', advice: null }],
    });
    expect(await read(body.session_id.toUpperCase())).toMatchObject({ session_id: body.session_id });
  });

  it('that says nothing of them has none', async () => {
    const body = checkBody();
    await postCheck(body);
    expect(await read(body.session_id)).toMatchObject({ source: 'media', bg_segmentation: null, metadata: null });
  });

  it('is the newest one when several routes used the session', async () => {
    const { frames, ...members } = checkBody();
    await postCheck({ ...members, crops: crops(10) }, {}, PATHS.crops);
    await env.DB.prepare('UPDATE verifications SET created_at_ms = created_at_ms - 1000 WHERE session_id = ?')
      .bind(members.session_id)
      .run();
    await postCheck({ ...members, frames });
    expect(await read(members.session_id)).toMatchObject({ operation: 'fastCheck', input_source: 'rest_frames' });
  });

  it('is not there before it is given', async () => {
    const { opened, open } = gate();
    let asked = false;
    const inference = stubInference({
      judge: async () => {
        asked = true;
        await opened;
        return { ok: true, judgement: JUDGEMENT };
      },
    });
    const body = checkBody();
    const running = postCheck(body, { inference });
    await until(() => asked);
    const path = `/api/v1/verifications/${body.session_id}`;
    expect((await call(path, { key: ACME })).status).toBe(404);
    const { items } = await callData<Page<VerificationSummary>>('/api/v1/verifications?limit=100', { key: ACME });
    expect(items.map(({ session_id }) => session_id)).not.toContain(body.session_id);
    open();
    await running;
    expect((await call(path, { key: ACME })).status).toBe(200);
  });

  it.each([
    ['abc', 400],
    [crypto.randomUUID(), 404],
  ])('is not found under %s', async (sessionId, status) => {
    expect((await call(`/api/v1/verifications/${sessionId}`, { key: ACME })).status).toBe(status);
  });

  it('stays when its key is deleted', async () => {
    const body = checkBody();
    await postCheck(body, { key: 'sk-local-slow' });
    await env.DB.prepare("DELETE FROM api_keys WHERE name = 'Five requests a minute'").run();
    expect(await read(body.session_id)).toMatchObject({ verdict: 'live' });
  });
});

describe('the list', () => {
  const fake = stubInference({ judge: async () => ({ ok: true, judgement: { ...JUDGEMENT, realScore: 0.1 } }) });
  const DAY_MS = 24 * 60 * 60 * 1000;
  const FIRST_DAY_MS = Date.UTC(2026, 2, 1);
  const sessions: string[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 6; i++) {
      const body = checkBody({ model: i % 2 ? 'mixed-10-v2' : '10' });
      await postCheck(body, { key: GLOBEX, inference: i % 3 ? stubInference() : fake });
      await env.DB.prepare('UPDATE verifications SET created_at_ms = ? WHERE session_id = ?')
        .bind(FIRST_DAY_MS + i * DAY_MS, body.session_id)
        .run();
      sessions.push(body.session_id);
    }
  });

  async function list(query = ''): Promise<number[]> {
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<VerificationSummary> = await callData(
        `/api/v1/verifications?limit=2${query}${cursor && `&cursor=${cursor}`}`,
        { key: GLOBEX },
      );
      for (const item of page.items) expect(item).not.toHaveProperty('diagnostics');
      seen.push(...page.items.map(({ session_id }) => sessions.indexOf(session_id)));
      cursor = page.next_cursor;
    }
    return seen;
  }

  it.each([
    ['', [5, 4, 3, 2, 1, 0]],
    ['&model=10', [4, 2, 0]],
    ['&verdict=fake', [3, 0]],
    ['&verdict=live&model=mixed-10-v2', [5, 1]],
    ['&from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z', [2, 1]],
    ['&verdict=fake&from=2026-03-02T00:00:00Z', [3]],
    ['&model=none', []],
  ])('runs from new to old, page by page: %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it('takes no verdict that there is not', async () => {
    expect((await call('/api/v1/verifications?verdict=maybe', { key: GLOBEX })).status).toBe(400);
  });
});
