import { beforeAll, describe, expect, it } from 'vitest';
import type { Verification } from '#shared/contract/checks.ts';
import { callData } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { dataOf, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

const GOOD = { ok: true, judgement: JUDGEMENT } as const;
const BROKEN = { ok: false, reason: 'broken' } as const;

describe('what is said with the frames', () => {
  it('is stored with the verification, which tells its operation', async () => {
    const stream = streamOf({ source: 'live' });
    await stream.post(0, { metadata: { order: 7 }, bg_segmentation: true, warnings: ['dark'] });
    await stream.postAll(9, 1);
    const last = dataOf(await stream.post(9, { metadata: { order: 8 } }));
    const path = `/api/v1/verifications/${stream.sessionId}`;
    const stored = await callData<Verification>(path, { key: ACME });
    expect(stored).toMatchObject({
      operation: 'fastCheckStream',
      source: 'live',
      metadata: { order: 7 },
      bg_segmentation: true,
      warnings: ['dark'],
      diagnostics: [{ cue: 'texture' }],
    });
    expect(last).toMatchObject({ verdict: stored.verdict, created_at: stored.created_at, warnings: ['dark'] });
  });

  it('is warned of by any frame; each answer echoes its own, and the verdict all, each once', async () => {
    const stream = streamOf();
    const dark = { warnings: ['dark', 'dark'] };
    expect(dataOf(await stream.post(0, dark)).warnings).toEqual(['dark']);
    expect(dataOf(await stream.post(1)).warnings).toBeNull();
    expect(dataOf(await stream.post(2, { warnings: [] })).warnings).toBeNull();
    expect(dataOf(await stream.post(3, { warnings: ['far', 'dark'] })).warnings).toEqual(['far', 'dark']);
    await stream.postAll(9, 4);
    expect(dataOf(await stream.post(9, { warnings: ['blurred'] })).warnings).toEqual(['dark', 'far', 'blurred']);
  });

  it('tells what led to the verdict only to who asks', async () => {
    const stream = streamOf();
    const last = (await stream.postAll())[9];
    expect(last).not.toHaveProperty('diagnostics');
    expect(dataOf(await stream.post(0, { diagnostics: true }))).toEqual({
      ...last,
      diagnostics: [{ cue: 'texture', value: 0.95, speaks_for: 'live', advice: null }],
    });
  });
});

describe('an Idempotency-Key on a frame', () => {
  it('gives that frame its first answer again, also after the verdict', async () => {
    const stream = streamOf();
    const headers = { 'idempotency-key': `first of ${stream.sessionId}`.replaceAll(' ', '-') };
    const first = await stream.post(0, {}, { headers });
    await stream.postAll(10, 1);
    const again = await stream.post(0, {}, { headers });
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(dataOf(await stream.post(0)).status).toBe('complete');
    const other = await stream.post(1, {}, { headers });
    expect([other.response.status, other.response.headers.get('x-error-code')]).toEqual([
      422,
      'idempotency_key_reused',
    ]);
  });

  it('is not used up by a failure of ours', async () => {
    let fails = true;
    const judge = async () => (fails ? BROKEN : GOOD);
    const stream = streamOf({}, { inference: stubInference({ judge }) });
    const headers = { 'idempotency-key': `last-of-${stream.sessionId}` };
    await stream.postAll(9);
    expect((await stream.post(9, {}, { headers })).response.status).toBe(503);
    fails = false;
    expect(dataOf(await stream.post(9, {}, { headers })).status).toBe('complete');
  });
});
