import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { booksOf } from '#shared/testing/post-check.ts';
import { dataOf, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

describe('a stream', () => {
  it('buffers, and gives its verdict at the last frame', async () => {
    const before = await booksOf();
    const stream = streamOf({ source: 'live' });
    const answers = await stream.postAll();
    expect(answers.slice(0, 9)).toEqual(
      Array.from({ length: 9 }, (_, i) => ({
        status: 'buffering',
        session_id: stream.sessionId,
        frames_received: i + 1,
        frames_required: 10,
        ttl_seconds: 60,
        warnings: null,
      })),
    );
    expect(answers[9]).toMatchObject({
      status: 'complete',
      verdict: 'live',
      real_score: 0.95,
      confidence: 0.95,
      score: 95,
      type: 'VERY HIGH',
      session_id: stream.sessionId,
      model: '10',
      input_source: 'rest_frames',
      frames_processed: 10,
      frames_received: 10,
      frames_required: 10,
      ttl_seconds: 0,
      available: true,
      warning: null,
      warnings: null,
      error: null,
    });
    const after = await booksOf();
    expect((before.balance ?? 0) - (after.balance ?? 0)).toBe(1);
    expect((after.usageRows ?? 0) - (before.usageRows ?? 0)).toBe(1);
    expect(dataOf(await stream.post(3))).toEqual(answers[9]);
  });
});
