import { type CapturedFrame, LivenessClient } from '@moveris/shared';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { call } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { batch, uploadSession } from './testing/upload-session.ts';

beforeAll(seedDatabase);

describe('the public SDK', () => {
  // Beside its calls to us it asks a service on the internet where it is, and goes on when it gets no answer.
  beforeAll(() => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no internet in this test')));
  });

  const captured = (from: number, to: number): CapturedFrame[] =>
    batch(from, to).map(({ index, timestamp_ms, pixels }) => {
      return { index, timestampMs: timestamp_ms, pixels, landmarks: [{ x: 0.5, y: 0.5, z: 0 }] };
    });

  it.each(['v2FastCheck', 'v2LiveCheck'] as const)('uploads while it records, and gets its %s', async (method) => {
    const { bindings, sessionId } = uploadSession();
    const customFetch: typeof fetch = async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const headers = Object.fromEntries(new Headers(init?.headers));
      return call(pathname, { method: init?.method ?? 'GET', headers, body: init?.body, env: bindings });
    };
    const options = { apiKey: ACME, baseUrl: 'https://api.example.test', customFetch, enableRetry: false };
    const client = new LivenessClient(options);
    const uploads = [captured(0, 10), captured(20, 30), captured(10, 20)].map((chunk, at) =>
      client.v2Upload(chunk, { sessionId, fps: 30, warnings: [`chunk ${at}`], withLandmarks: at !== 1 }),
    );
    const answers = await Promise.all(uploads);
    const longest = answers.toSorted((a, b) => b.frames_received - a.frames_received)[0];
    expect(longest).toMatchObject({ frames_received: 30, frames_required: 30, is_complete: true });
    const result = await client[method]({ sessionId, fps: 30 });
    expect(result).toMatchObject({ verdict: 'live', score: 95, realScore: 0.95, framesProcessed: 30, sessionId });
    expect(result.warnings?.toSorted()).toEqual(['chunk 0', 'chunk 1', 'chunk 2']);
    if (method === 'v2LiveCheck') expect(result.diagnostics).toEqual([expect.objectContaining({ cue: 'texture' })]);
  });
});
