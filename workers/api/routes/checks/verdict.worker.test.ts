import { beforeAll, describe, expect, it } from 'vitest';
import { booksOf, checkBody, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

describe('a check', () => {
  it('is answered with the verdict, member by member', async () => {
    const before = await booksOf();
    const body = checkBody({ warnings: ['dark', 'blurred', 'dark'] });
    const { response, body: answer } = await postCheck(body);
    expect(answer).toEqual({
      success: true,
      message: 'OK',
      data: {
        verdict: 'live',
        confidence: 0.95,
        real_score: 0.95,
        score: 95,
        type: 'VERY HIGH',
        session_id: body.session_id,
        model: '10',
        input_source: 'rest_frames',
        processing_ms: expect.any(Number),
        frames_processed: 10,
        tenant_metadata: null,
        warning: null,
        warnings: ['dark', 'blurred'],
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-moveris-model-resolved')).toBe('10');
    expect(await booksOf()).toEqual({
      balance: (before.balance ?? 0) - 1,
      usageRows: (before.usageRows ?? 0) + 1,
      verifications: (before.verifications ?? 0) + 1,
    });
  });

  it('takes crops', async () => {
    const inference = stubInference();
    const { frames: _, ...members } = checkBody();
    const { body } = await postCheck({ ...members, crops: crops(10) }, { inference }, PATHS.crops);
    expect(body.data).toMatchObject({ input_source: 'rest_crops', frames_processed: 10, warnings: null });
    expect(inference.analysed.every(({ kind }) => kind === 'crop')).toBe(true);
  });
});

describe('before anything is read', () => {
  const broken = '{';
  const text = { 'content-type': 'text/plain' };
  it.each([
    ['a key that is none', 'sk-nobody', 401, 'invalid_key'],
    ['a suspended organisation', 'sk-local-suspended', 402, 'account_suspended'],
    ['a missing scope', 'sk-local-acme-read', 403, 'insufficient_scope'],
    ['another media type', 'sk-local-acme', 415, 'unsupported_media_type'],
    ['another media type, without credits', 'sk-local-broke', 415, 'unsupported_media_type'],
  ])('%s is refused', async (_name, key, status, code) => {
    const { response } = await postCheck(broken, { key, headers: text });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  });

  it('so is one request too many, and it is counted for each route by itself', async () => {
    const key = 'sk-local-slow';
    for (let i = 0; i < 5; i++) expect((await postCheck(broken, { key })).response.status).toBe(400);
    const { response, body } = await postCheck(broken, { key });
    expect([response.status, body.retry_after]).toEqual([429, Number(response.headers.get('retry-after'))]);
    expect((await postCheck(broken, { key }, PATHS.crops)).response.status).toBe(400);
  });
});
