import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { findVerification } from '#shared/db/verifications.ts';
import type { FrameEvidence, PictureOutcome } from '#shared/rpc/inference.ts';
import { recordQueries } from '#shared/testing/record-queries.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { setBalance } from '#shared/testing/set-balance.ts';
import { type VideoProblem, VideoRefused } from './decoder/video-refused.ts';
import { booksOf, deliver, filmSubmitted, jobServices, NOTHING, ONE_OF_EACH, reread } from './testing/film-job.ts';

beforeAll(seedDatabase);

const spread = (count: number, stepMs: number, startMs = 0) =>
  Array.from({ length: count }, (_, i) => startMs + i * stepMs);

describe('a job', () => {
  it('ends completed: one verdict, one charge, one usage row, and the recording is gone', async () => {
    const row = await filmSubmitted({ model: 'mixed-120-v2' });
    const { services, clip, logged } = jobServices({ timesMs: spread(120, 33) });
    expect(await deliver(services, row.id)).toBe('acked');
    const ended = await reread(row);
    expect(ended).toMatchObject({ status: 'completed', attempts: 1, error: null, stage: 'judging' });
    expect(ended.completedAtMs).toBeGreaterThanOrEqual(ended.startedAtMs ?? Number.POSITIVE_INFINITY);
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
    const entry = env.DB.prepare("SELECT amount FROM credit_entries WHERE reference = 'detectVideo:' || ?");
    expect(await entry.bind(row.id).first('amount')).toBe(-2);
    const scope = { organisationId: row.organisationId, operation: 'detectVideo', sessionId: row.id };
    const verification = await findVerification(openDatabase(env.DB), scope);
    expect(verification?.result).toMatchObject({
      verdict: 'live',
      session_id: row.id,
      model: 'mixed-120-v2',
      input_source: 'video_upload',
      frames_processed: 120,
      tenant_metadata: { order: 7 },
    });
    expect(verification).toMatchObject({ metadata: { order: 7 }, source: 'media' });
    expect(clip).toMatchObject({ opened: 1, closed: 1, bytesRead: 'a film'.length });
    expect(logged).toEqual([
      { event: 'video_job', submission: row.id, attempt: 1, outcome: 'live', ms: expect.any(Number) },
    ]);
  });

  it('asks for the frames of its model, and for a run as recordings of that length are taken', async () => {
    for (const [model, count, framesPerSecond] of [
      ['mixed-10-v2', 10, 15],
      ['mixed-60-v2', 60, 30],
    ] as const) {
      const { services, clip } = jobServices({ timesMs: spread(count, 500) });
      await deliver(services, (await filmSubmitted({ model })).id);
      expect(clip.requests).toEqual([{ count, run: { count, framesPerSecond } }]);
    }
  });

  it('judges what lies evenly and what lies close together apart, at the rate of the latter', async () => {
    const { services, inference } = jobServices({ timesMs: [0, 2000, 4000], runMs: [1900, 2000, 2100, 2200] });
    await deliver(services, (await filmSubmitted()).id);
    const [judged] = inference.judged;
    const names = (frames: FrameEvidence[] = []) => frames.map(({ face }) => face?.contentHash);
    expect(names(judged?.evidence)).toEqual(['frame at 0', 'frame at 2000', 'frame at 4000']);
    expect(names(judged?.run)).toEqual(['frame at 1900', 'frame at 2000', 'frame at 2100', 'frame at 2200']);
    expect(judged?.fps).toBeCloseTo(10);
    const asked = inference.analysed.map(({ kind, pictures, previousFace }) => [
      kind,
      pictures[0]?.ordinal,
      previousFace?.contentHash,
    ]);
    expect(asked).toEqual([
      ['frame', 0, undefined],
      ['frame', null, 'frame at 0'],
      ['frame', 1, 'frame at 1900'],
      ['frame', null, 'frame at 2000'],
      ['frame', null, 'frame at 2100'],
      ['frame', 2, 'frame at 2200'],
    ]);
  });

  it.each([
    ['evenly', [0, 40, 80, 120], 25],
    ['now fast and now slowly', [0, 10, 20, 300], 10],
    ['one', [0], null],
  ])('states the rate of its frames: %s', async (_name, timesMs, fps) => {
    const { services, inference } = jobServices({ timesMs });
    await deliver(services, (await filmSubmitted()).id);
    expect(inference.judged[0]?.fps).toBe(fps);
    expect(inference.judged[0]?.run).toEqual([]);
  });

  it('tells how far it is, in about ten steps, and never back', async () => {
    const { database, queries } = recordQueries(env.DB);
    const { services } = jobServices({ timesMs: spread(120, 33) }, {}, { database: openDatabase(database) });
    await deliver(services, (await filmSubmitted()).id);
    const told = queries
      .filter(({ sql }) => /^update "submissions" set "stage" = \?/i.test(sql))
      .map(({ parameters }) => parameters);
    expect([...new Set(told.map(([stage]) => stage))]).toEqual(['opening', 'analysing', 'judging']);
    const places = told.filter(([stage]) => stage === 'analysing').map(([, done]) => Number(done));
    expect(places).toEqual([0, 12, 24, 36, 48, 60, 72, 84, 96, 108]);
  });

  it('goes on where the key that submitted it was deleted meanwhile', async () => {
    const keyId = crypto.randomUUID();
    await env.DB.prepare(
      `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, created_at_ms)
       SELECT ?1, id, 'x', ?1, 'x', '[]', 0 FROM organisations WHERE slug = 'acme'`,
    )
      .bind(keyId)
      .run();
    const row = await filmSubmitted({ apiKeyId: keyId });
    await env.DB.prepare('DELETE FROM api_keys WHERE id = ?').bind(keyId).run();
    await deliver(jobServices().services, row.id);
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });

  it('that nobody knows is nothing to be done', async () => {
    const { services, clip, logged } = jobServices();
    expect(await deliver(services, crypto.randomUUID())).toBe('acked');
    expect(clip.opened).toBe(0);
    expect(logged).toMatchObject([{ event: 'video_job_unknown' }]);
  });

  it.each(['completed', 'failed'])('that has %s is only tidied up after', async (status) => {
    const row = await filmSubmitted();
    const failure =
      status === 'failed' ? { failure: { after: 0, error: new VideoRefused('no_video', 'No video.') } } : {};
    await deliver(jobServices(failure).services, row.id);
    const [before, books] = [await reread(row), await booksOf(row)];
    expect(before.status).toBe(status);
    await env.VIDEOS.put(row.objectKey, 'left by a crash');
    const { services, clip } = jobServices();
    expect(await deliver(services, row.id, { attempts: 2 })).toBe('acked');
    expect([await reread(row), await booksOf(row), clip.opened]).toEqual([before, books, 0]);
  });
});

describe('a film that is refused', () => {
  const problems: VideoProblem[] = [
    'not_a_video',
    'no_video',
    'unsupported_codec',
    'too_long',
    'too_few_frames',
    'damaged',
  ];
  it.each(problems)('ends the job with the reason, at once and for nothing: %s', async (problem) => {
    const row = await filmSubmitted();
    const { services, logged, clip } = jobServices({
      failure: { after: 4, error: new VideoRefused(problem, `It is ${problem}.`) },
    });
    expect(await deliver(services, row.id)).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'failed', error: `It is ${problem}.`, attempts: 1 });
    expect(await booksOf(row)).toEqual(NOTHING);
    expect(clip.closed).toBe(1);
    expect(logged).toMatchObject([{ outcome: 'failed', reason: `It is ${problem}.` }]);
  });

  it('for its pictures is so, too', async () => {
    const row = await filmSubmitted();
    const outcome: PictureOutcome = { ok: false, problem: 'too_small' };
    const { services } = jobServices({ width: 50 }, { analyseFrames: async () => ({ ok: true, outcomes: [outcome] }) });
    expect(await deliver(services, row.id)).toBe('acked');
    expect((await reread(row)).error).toBe('The picture has only 50x480 pixels. At least 64x64 are needed.');
    expect(await booksOf(row)).toEqual(NOTHING);
  });

  it('whose recording is not there any more is, too', async () => {
    const row = await filmSubmitted();
    await env.VIDEOS.delete(row.objectKey);
    expect(await deliver(jobServices().services, row.id)).toBe('acked');
    expect((await reread(row)).error).toBe('The recording is not stored any more. Submit it again.');
  });

  it('for credits that are gone by now says how many were needed', async () => {
    const row = await filmSubmitted({ model: 'mixed-120-v2' }, 'a film');
    await setBalance('acme', 1);
    try {
      expect(await deliver(jobServices().services, row.id)).toBe('acked');
      expect((await reread(row)).error).toBe('Insufficient credits. The check costs 2, the organisation has 1.');
      expect(await booksOf(row)).toEqual(NOTHING);
    } finally {
      await setBalance('acme', 1_000_000);
    }
  });
});

describe('a fault of ours', () => {
  const away = async () => {
    throw new Error('it is away');
  };
  const bad = async () => ({ ok: false, reason: 'a fault' }) as const;
  const outcomes = (...given: PictureOutcome[]) => ({
    analyseFrames: async () => ({ ok: true, outcomes: given }) as const,
  });
  const wrong = { realScore: 2, visualScore: null, pulseWasRead: false, warning: null, diagnostics: [] };

  it.each([
    ['inference is away', {}, { analyseFrames: away }],
    ['inference fails', {}, { analyseFrames: bad }],
    ['inference leaves a frame out', {}, outcomes()],
    ['a frame is damaged between the two', {}, outcomes({ ok: false, problem: 'damaged' })],
    ['there is no judgement', {}, { judge: bad }],
    ['the judgement is none', {}, { judge: async () => ({ ok: true, judgement: wrong }) as const }],
    ['the store fails in the middle', { failure: { after: 5, error: new Error('R2 is away') } }, {}],
  ] as const)('brings the message again, and keeps the recording: %s', async (_name, clip, inference) => {
    const row = await filmSubmitted();
    expect(await deliver(jobServices(clip, inference).services, row.id)).toBe('retried');
    expect(await reread(row)).toMatchObject({ status: 'processing', attempts: 1, error: null });
    expect(await booksOf(row)).toEqual({ ...NOTHING, objects: 1 });
    expect(await deliver(jobServices().services, row.id, { attempts: 2 })).toBe('acked');
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });
});
