import { beforeAll, describe, expect, it } from 'vitest';
import { callFaces, enrol, faceData, newCollection, pictures } from '#shared/testing/call-faces.ts';
import { booksOf } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const GLOBEX = 'sk-local-globex';
let ann: string;
let bob: string;

beforeAll(async () => {
  await seedDatabase();
  const people = await newCollection();
  ann = await enrol(people, 'ann');
  bob = await enrol(people, 'bob');
});

describe('/verify', () => {
  const verify = (members: Record<string, unknown>) =>
    callFaces('/verify', { body: { images: pictures('ann 9'), person_id: ann, ...members } });

  it('says whether it is this person', async () => {
    expect(await verify({})).toMatchObject({
      status: 200,
      data: { id: ann, name: 'ann', match: true, score: expect.closeTo(0.95, 1), min_score: 0.5 },
    });
    expect(await verify({ person_id: bob })).toMatchObject({ data: { id: bob, match: false, min_score: 0.5 } });
    expect(await verify({ min_score: 0.999 })).toMatchObject({ data: { match: false, min_score: 0.999 } });
  });

  it('costs a credit', async () => {
    const before = await booksOf();
    await verify({ search_mode: 'FAST' });
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 1);
  });

  it.each([
    [{ person_id: undefined }, 409, '"person_id" is required'],
    [{ person_id: 'x' }, 409, '"person_id" must be a valid uuid'],
    [{ person_id: crypto.randomUUID() }, 404, 'Person not found'],
    [{ images: pictures('no_face') }, 409, '"images.0" shows no face'],
    [{ min_score: 2 }, 409, '"min_score" must be at most 1'],
  ])('refuses %j', async (members, status, message) => {
    const before = await booksOf();
    expect(await verify(members)).toMatchObject({ status, message });
    expect(await booksOf()).toEqual(before);
  });

  it('does not know another organisation’s person', async () => {
    const body = { images: pictures('ann 9'), person_id: ann };
    expect(await callFaces('/verify', { body, bearer: GLOBEX })).toMatchObject({ status: 404 });
  });
});

describe('/detect', () => {
  it('tells the faces of each image, and stores nothing', async () => {
    const images = pictures('ann 1', 'no_face', 'several_faces ann');
    const data = await faceData<{ faces: unknown[] }[]>('/detect', { body: { images } });
    expect(data.map(({ faces }) => faces.length)).toEqual([1, 0, 2]);
    expect(data[0]).toEqual({
      width: 640,
      height: 480,
      faces: [
        {
          box: { x: 10, y: 20, width: 100, height: 120 },
          confidence: 0.9,
          landmarks: {
            left_eye: { x: 30, y: 40 },
            right_eye: { x: 80, y: 40 },
            nose: { x: 55, y: 70 },
            mouth_left: { x: 35, y: 100 },
            mouth_right: { x: 75, y: 100 },
          },
          quality: { size: 70, brightness: 120, sharpness: 20 },
          thumbnail: btoa('thumbnail of ann 1'),
        },
      ],
    });
  });

  it('refuses what is no picture', async () => {
    const answer = await callFaces('/detect', { body: { images: pictures('ann 1', 'too_large') } });
    expect(answer).toMatchObject({ status: 409, code: 'MissingParameter' });
    expect(answer.message).toContain('"images.1" is too large a picture');
  });
});
