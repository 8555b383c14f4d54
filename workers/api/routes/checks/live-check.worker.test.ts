import { beforeAll, describe, expect, it } from 'vitest';
import type { LiveCheckResult } from '#shared/contract/checks.ts';
import { type CheckOptions, checkBody, frames, type Inference, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

type Answer = Awaited<ReturnType<typeof postCheck>>;
const codeOf = ({ response }: Answer) => [response.status, response.headers.get('x-error-code')];
const modelOf = ({ response }: Answer) => response.headers.get('x-moveris-model-resolved');

describe('live-check', () => {
  const post = (body: unknown, options: CheckOptions = {}) => postCheck(body, options, '/api/v1/live-check');
  const mesh = Array.from({ length: 478 }, (_, i) => ({ x: i / 478, y: 0.5, z: -0.01 }));
  const withLandmarks = (landmarks: unknown) => frames(10).map((frame) => ({ ...frame, landmarks }));

  it('takes the body of the public SDK, and always says why', async () => {
    const body = checkBody({
      model: 'mixed-10-v2',
      source: 'live',
      frames: frames(10).map((frame, i) => ({ ...frame, landmarks: i % 2 ? mesh : null })),
      trace_id: 'trace-1',
      forensic_client: { trace_id: 'trace-1', stages: [{ name: 'capture' }] },
      device_intelligence: { os: 'x' },
      metadata: { consumer: { app: 'y' } },
    });
    const answer = await post(body, { headers: { 'x-trace-id': 'trace-1' } });
    expect([answer.response.status, modelOf(answer)]).toEqual([200, 'mixed-10-v2']);
    const diagnostics = [{ cue: 'texture', value: 0.95, speaks_for: 'live', advice: null }];
    expect(answer.body.data as LiveCheckResult).toMatchObject({ verdict: 'live', model: 'mixed-10-v2', diagnostics });
    const silent = await post(checkBody({ diagnostics: false }));
    expect(silent.body.data).toMatchObject({ diagnostics });
  });

  it('has its model chosen as fast-check has', async () => {
    const headers = { 'x-model-version': 'latest' };
    expect(modelOf(await post(checkBody({ model: 'x', frame_count: 10 }), { headers }))).toBe('mixed-10-v2');
    expect(codeOf(await post(checkBody(), { headers }))).toEqual([400, 'missing_field']);
    expect(codeOf(await post(checkBody({ model: 'x' })))).toEqual([400, 'invalid_model']);
    expect(codeOf(await post(checkBody({ model: 'hybrid-v2-50', frames: frames(50) })))).toEqual([
      400,
      'missing_field',
    ]);
  });

  it('gives nothing for landmarks: what is analysed, judged and stored is the same with any', async () => {
    const sessionId = crypto.randomUUID();
    // Which pictures go together in one call is a matter of how the body arrives.
    const seen = ({ analysed, judged }: Inference) => [analysed.flatMap(({ pictures }) => pictures), judged];
    const plain = stubInference();
    const first = await post(checkBody({ session_id: sessionId }), { inference: plain });
    for (const landmarks of [mesh, [], null, [1, 'x', { x: {} }], [{ x: 1e308, y: null }]]) {
      const inference = stubInference();
      const other = await post(checkBody({ frames: withLandmarks(landmarks) }), { inference });
      expect(other.response.status).toBe(200);
      expect(seen(inference)).toEqual(seen(plain));
      const again = await post(checkBody({ session_id: sessionId, frames: withLandmarks(landmarks) }));
      expect([again.body, again.response.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    }
  });

  it('refuses landmarks that are no list, and what fast-check refuses', async () => {
    const text = await post(checkBody({ frames: withLandmarks('{}') }));
    expect(text.body.message).toBe('frames.0.landmarks must be an array');
    const twice = await post(checkBody({ frames: [...frames(9), ...frames(1)] }));
    expect(twice.body.message).toBe('frames.9.index must not come twice: 0');
    expect(codeOf(await post(checkBody({ frames: frames(9) })))).toEqual([400, 'insufficient_frames']);
    expect(codeOf(await post(checkBody(), { key: 'sk-local-broke' }))).toEqual([402, 'insufficient_credits']);
    expect(codeOf(await post(checkBody(), { key: 'sk-local-acme-read' }))).toEqual([403, 'insufficient_scope']);
    const { frames: _, ...rest } = checkBody();
    expect((await post(rest)).body.message).toBe('frames is required');
  });
});
