import { beforeAll, describe, expect, it } from 'vitest';
import { booksOf, type CheckOptions } from '#shared/testing/post-check.ts';
import { dataOf, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

type Members = Record<string, unknown>;
type Options = Pick<CheckOptions, 'headers'>;

const version = (word: string) => ({ headers: { 'x-model-version': word } });
const resolvedIn = ({ response }: { response: Response }) => response.headers.get('x-moveris-model-resolved');

describe('the model of a stream', () => {
  it('is 10 when none is named', async () => {
    const stream = streamOf({ model: undefined });
    const first = await stream.post(0);
    expect(resolvedIn(first)).toBe('10');
    await stream.postAll(9, 1);
    expect(dataOf(await stream.post(9, { model: '10' }))).toMatchObject({ status: 'complete', model: '10' });
  });

  it('says how many frames are needed, and what the check costs', async () => {
    const before = await booksOf();
    const stream = streamOf({ model: 'mixed-120-v2' });
    const answers = await stream.postAll(120);
    expect(answers[118]).toMatchObject({ status: 'buffering', frames_received: 119, frames_required: 120 });
    expect(answers[119]).toMatchObject({ status: 'complete', frames_received: 120, frames_processed: 120 });
    expect((before.balance ?? 0) - ((await booksOf()).balance ?? 0)).toBe(2);
  });

  it('by header is the same whatever `model` says', async () => {
    const stream = streamOf({ frame_count: 10 }, version('latest'));
    for (const [index, model] of ['nonsense', 'mixed-250', undefined].entries()) {
      const answer = await stream.post(index, { model });
      expect([resolvedIn(answer), dataOf(answer).frames_received]).toEqual(['mixed-10-v2', index + 1]);
    }
    await stream.postAll(9, 3);
    expect(dataOf(await stream.post(9))).toMatchObject({ status: 'complete', model: 'mixed-10-v2' });
  });

  it.each<[string, Members, Options, Members, Options]>([
    ['model', { model: '10' }, {}, { model: 'mixed-10-v2' }, {}],
    ['model', { model: undefined }, {}, { model: 'mixed-10' }, {}],
    ['X-Model-Version', { model: 'mixed-10-v2', frame_count: 10 }, {}, {}, version('latest')],
    ['X-Model-Version', { frame_count: 10 }, version('latest'), {}, version('v2')],
    ['X-Model-Version', { model: 'mixed-10-v2', frame_count: 10 }, version('latest'), {}, { headers: {} }],
    ['frame_count', { frame_count: 10 }, version('latest'), { frame_count: 30 }, version('latest')],
    ['frame_count', { model: '10', frame_count: 10 }, {}, { frame_count: 11 }, {}],
  ])('stays the same within a session: %s (%#)', async (field, members, asked, change, askedThen) => {
    const stream = streamOf(members);
    expect(dataOf(await stream.post(0, {}, asked))).toMatchObject({ frames_received: 1 });
    const { analysed } = stream.inference;
    const { response, body } = await stream.post(1, change, askedThen);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([400, 'validation_error']);
    expect(body.errors).toEqual([{ [field]: [`${field} must stay the same within a session`] }]);
    expect(response.headers.get('x-moveris-model-resolved')).toBeTruthy();
    expect(analysed).toHaveLength(1);
    expect(dataOf(await stream.post(1, {}, asked))).toMatchObject({ frames_received: 2 });
  });

  it('is that of the first to be counted, when first frames with two of them come at once', async () => {
    const stream = streamOf();
    const models = ['10', 'mixed-10-v2'];
    const answers = await Promise.all([0, 1, 2, 3].map((index) => stream.post(index, { model: models[index % 2] })));
    const counted = answers.flatMap(({ response }, index) => (response.status === 200 ? [index] : []));
    const refused = answers.flatMap(({ response }, index) => (response.status === 400 ? [index] : []));
    expect([counted, refused].toSorted()).toEqual([
      [0, 2],
      [1, 3],
    ]);
    const model = models[(counted[0] ?? 0) % 2];
    for (const index of [...refused, 4, 5, 6, 7, 8]) await stream.post(index, { model });
    expect(dataOf(await stream.post(9, { model }))).toMatchObject({ status: 'complete', model });
  });

  it.each<[string, Members, Options, string, object[]?]>([
    ['unknown', { model: 'mixed-30-v9' }, {}, 'invalid_model'],
    ['of no such pair', { frame_count: 11 }, version('latest'), 'invalid_model'],
    ['without frame_count', {}, version('latest'), 'missing_field', [{ frame_count: ['frame_count is required'] }]],
    ['in numbers', { model: 10 }, {}, 'validation_error', [{ model: ['model must be a string'] }]],
  ])('that is %s is refused', async (_name, members, asked, code, errors) => {
    const stream = streamOf(members);
    const answer = await stream.post(0, {}, asked);
    expect([answer.response.status, answer.response.headers.get('x-error-code')]).toEqual([400, code]);
    if (errors) expect(answer.body.errors).toEqual(errors);
    expect(resolvedIn(answer)).toBeNull();
    expect(stream.inference.analysed).toEqual([]);
  });

  it('that is hybrid needs fps in every frame, and is judged by it', async () => {
    const inference = stubInference();
    const stream = streamOf({ model: 'hybrid-v2-50' }, { inference });
    const answer = await stream.post(0);
    expect([answer.response.headers.get('x-error-code'), answer.body.errors]).toEqual([
      'missing_field',
      [{ fps: ['fps is required'] }],
    ]);
    expect(resolvedIn(answer)).toBe('hybrid-v2-50');
    for (let index = 0; index < 49; index++) await stream.post(index, { fps: 25 });
    expect((await stream.post(49)).response.status).toBe(400);
    expect(dataOf(await stream.post(49, { fps: 25 }))).toMatchObject({ status: 'complete', model: 'hybrid-v2-50' });
    expect(inference.judged.map(({ fps }) => fps)).toEqual([25]);
  });

  it('that is deprecated says so in every answer, in errors, too', async () => {
    const stream = streamOf({ model: 'mixed-10' });
    const answers = [
      await stream.post(0),
      await stream.post(10),
      ...(await Promise.all([1, 2].map((i) => stream.post(i)))),
    ];
    expect(answers.map(({ response }) => response.status)).toEqual([200, 400, 200, 200]);
    for (const { response } of answers) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-moveris-model-resolved': 'mixed-10',
        deprecation: 'true',
        sunset: '2027-06-30',
        'x-moveris-deprecated-model': 'mixed-10',
        'x-moveris-suggested-model': 'mixed-10-v2',
      });
    }
  });
});
