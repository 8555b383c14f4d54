import type { ApiToken } from '../../shared/contract/tokens.ts';
import { REAL_MEDIA, readFrames, readPicture, toPngBase64 } from '../../shared/testing/real-recordings.ts';

interface Client {
  url: string;
  key: string;
}

interface Found {
  name: string;
  score: number;
}

/** Enrols two people, looks for one of them by another recording and for a painting, and leaves nothing. */
export async function showFaceSearch({ url, key }: Client): Promise<void> {
  console.log('\nwho is it: POST /v2/face-recognition/search');
  const issued = await post(`${url}/api/v1/tokens`, { 'x-api-key': key }, {});
  const { token } = (issued as { data: ApiToken }).data;
  const ask = async <Data>(path: string, body: unknown, method = 'POST'): Promise<Data> => {
    const headers = { authorization: `Bearer ${token}` };
    return ((await post(`${url}/v2/face-recognition${path}`, headers, body, method)) as { data: Data }).data;
  };
  const { id } = await ask<{ id: string }>('/collections', { name: 'demo' });
  try {
    for (const [name, path] of [
      ['the man before a blue wall', REAL_MEDIA.franck],
      ['the man before a map', REAL_MEDIA.cap12],
    ] as const) {
      const images = await filmed(path, 3);
      await ask('/persons', { name, images, collection_id: id });
      console.log(`  enrolled ${name} with ${images.length} pictures`);
    }
    for (const [what, images] of [
      ['from another film', await filmed(REAL_MEDIA.cap13, 1)],
      ['a painting', [await toPngBase64(await readPicture(REAL_MEDIA.joconde))]],
    ] as const) {
      const probe = { images, collection_id: id, min_score: 0.5, search_mode: 'ACCURATE' };
      const found = await ask<Found[]>('/search', probe);
      const told = found.map(({ name, score }) => `${name} (${score.toFixed(2)})`).join(', ');
      console.log(`  ${what}: ${told || 'nobody'}`);
    }
  } finally {
    await ask(`/collections/${id}`, undefined, 'DELETE');
  }
}

/** Some seconds apart, so that they differ. */
async function filmed(path: string, count: number): Promise<string[]> {
  return await Promise.all((await readFrames(path, count, 0.5)).map(toPngBase64));
}

async function post(url: string, headers: Record<string, string>, body: unknown, method = 'POST'): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
