import { beforeAll, describe, expect, it, vi } from 'vitest';
import { faultyBucket } from '#shared/testing/faulty-bucket.ts';
import { film, formOf, postVideo, refusalOf } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { setBalance } from '#shared/testing/set-balance.ts';

beforeAll(seedDatabase);

const FILE: [string, File] = ['video_file', film()];
const URL_FIELD: [string, string] = ['video_url', 'https://films.example.com/x.mp4'];

describe('the credits', () => {
  const broke = { key: 'sk-local-broke', tenant: 'broke' };

  it('must be there before anything is stored', async () => {
    const put = vi.fn(() => Promise.reject(new Error('must not be stored')));
    const bucket = faultyBucket({ put, createMultipartUpload: put });
    const { body, ...refusal } = await refusalOf(formOf(FILE), { ...broke, env: { VIDEOS: bucket } });
    expect(refusal).toMatchObject({ status: 402, code: 'insufficient_credits' });
    expect(body).toMatchObject({
      message: 'Insufficient credits. The check costs 1, the organisation has 0.',
    });
    expect(put).not.toHaveBeenCalled();
    expect(refusal.headers.get('x-moveris-model-resolved')).toBe('mixed-10-v2');
  });

  it('must be there for a URL, too, and are looked at last', async () => {
    expect(await refusalOf(formOf(URL_FIELD), broke)).toMatchObject({ status: 402 });
    expect(await refusalOf(formOf(FILE, ['model', 'x']), broke)).toMatchObject({ code: 'invalid_video_input' });
    expect(await refusalOf(formOf(FILE, ['metadata', 'x']), broke)).toMatchObject({ code: 'invalid_metadata' });
  });

  it('must suffice for the model', async () => {
    await setBalance('broke', 1);
    const refusal = await refusalOf(formOf(FILE, ['model', 'mixed-120-v2']), broke);
    expect(refusal).toMatchObject({ status: 402, code: 'insufficient_credits' });
    expect(refusal.headers.get('x-moveris-model-resolved')).toBe('mixed-120-v2');
    expect((await postVideo(formOf(FILE), broke)).response.status).toBe(201);
    await setBalance('broke', 2);
    expect((await postVideo(formOf(FILE, ['model', 'mixed-120-v2']), broke)).response.status).toBe(201);
  });
});
