import { type CapturedFrame, LivenessApiError, LivenessClient } from '@moveris/shared';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Verification } from '#shared/contract/checks.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { ACME, frames } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { stubbedFrameSessions } from '#shared/testing/stubbed-frame-sessions.ts';

beforeAll(seedDatabase);
// Beside its calls to us it asks a service on the internet where it is, and goes on when it gets no answer.
beforeAll(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no internet in this test')));
});

/** The client that is in the field, unchanged, speaking to the gateway. */
function clientWith(apiKey: string): LivenessClient {
  const { service } = stubInference();
  const env = { INFERENCE: service, FRAME_SESSION: stubbedFrameSessions(service) };
  const customFetch: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const options = { method: init?.method ?? 'GET', headers, env };
    return call(`${pathname}${search}`, { ...options, ...(init?.body && { body: init.body }) });
  };
  const baseUrl = 'https://api.example.test';
  return new LivenessClient({ apiKey, baseUrl, customFetch, enableRetry: false, trackClientTime: true });
}

const client = clientWith(ACME);
const captured = (count: number): CapturedFrame[] =>
  frames(count).map(({ index, timestamp_ms, pixels }) => {
    return { index, timestampMs: timestamp_ms, pixels, landmarks: [{ x: 0.5, y: 0.5, z: 0 }] };
  });

describe('the public SDK', () => {
  it.each([
    ['liveCheck', 30, () => client.liveCheck(captured(30))],
    ['liveCheck by version', 10, () => client.liveCheck(captured(10), { modelVersion: 'latest', frameCount: 10 })],
    ['hybridCheck', 50, () => client.hybridCheck(captured(50))],
    ['hybrid50', 50, () => client.hybrid50(captured(50), { fps: 25 })],
    ['hybrid150', 150, () => client.hybrid150(captured(150))],
    ['verify', 50, () => client.verify(captured(50))],
  ])('gets its verdict from %s', async (_name, framesProcessed, check) => {
    expect(await check()).toMatchObject({ verdict: 'live', score: 95, realScore: 0.95, framesProcessed });
  });

  it('gets the reasons of a live check', async () => {
    const { diagnostics } = await client.liveCheck(captured(30));
    expect(diagnostics).toEqual([expect.objectContaining({ cue: 'texture' })]);
  });

  it('reads and waits for a result, and tells its own time', async () => {
    const sessionId = crypto.randomUUID();
    await client.verify(captured(50), { sessionId });
    const result = await client.getJobResult(sessionId);
    expect(result).toMatchObject({ job_id: sessionId, status: 'complete', verdict: 'live', available: true });
    expect(await client.waitForJobResult(sessionId)).toEqual(result);
    await client.postClientTime(sessionId, 1234.5);
    const stored = await callData<Verification>(`/api/v1/verifications/${sessionId}`, { key: ACME });
    expect(stored).toMatchObject({ operation: 'verify', model: '50', client_time: 1235 });
    expect(await client.queueStats()).toEqual({ queue_length: 0, queue_key: 'videos:acme' });
  });

  it('understands what is refused', async () => {
    const few = client.hybridCheck(captured(49));
    await expect(few).rejects.toMatchObject({ code: 'insufficient_frames', statusCode: 400 });
    await expect(few).rejects.toBeInstanceOf(LivenessApiError);
    await expect(client.getJobResult(crypto.randomUUID())).rejects.toMatchObject({ statusCode: 404 });
    const broke = clientWith('sk-local-broke').verify(captured(50));
    await expect(broke).rejects.toMatchObject({ code: 'insufficient_credits', statusCode: 402 });
  });
});
